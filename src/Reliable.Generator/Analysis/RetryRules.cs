using System.Globalization;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>What the values of <c>[Retry]</c> may be.</summary>
internal static class RetryRules
{
    private const int MaxRetriesLimit = 10;
    private const int LongestDelay = 30_000;

    public static void Check(AttributeReader retry, DiagnosticSink sink)
    {
        if (retry.Int("MaxRetries") is < 0 or > MaxRetriesLimit)
        {
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, retry.Location("MaxRetries"), "MaxRetries", retry.Written("MaxRetries"), "0 to 10");
        }

        CheckTimeout(retry, "AttemptTimeoutMs", sink);
        CheckTimeout(retry, "TotalTimeoutMs", sink);
        if (retry.Ints("BackoffMs") is { } delays)
        {
            CheckBackoff(retry, delays, sink);
        }
    }

    private static void CheckTimeout(AttributeReader retry, string property, DiagnosticSink sink)
    {
        if (retry.Int(property) is < 0)
        {
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, retry.Location(property), property, retry.Written(property), "0 (no limit) or more milliseconds");
        }
    }

    private static void CheckBackoff(AttributeReader retry, IReadOnlyList<int> delays, DiagnosticSink sink)
    {
        if (delays.Count == 0)
        {
            Location? location = retry.Location("BackoffMs");
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, location, "BackoffMs", "[]", "one delay or more; [0] retries at once");
        }

        for (int index = 0; index < delays.Count; index++)
        {
            DiagnosticDescriptor? problem = delays[index] switch
            {
                < 0 => DiagnosticDescriptors.BackoffOutOfRange,
                > LongestDelay => DiagnosticDescriptors.BackoffTooLong,
                _ => null,
            };
            if (problem is not null)
            {
                sink.Report(problem, retry.Location("BackoffMs", index), delays[index].ToString(CultureInfo.InvariantCulture));
            }
        }

        if (retry.Int("MaxRetries") is { } retries and >= 0 && delays.Count > retries)
        {
            string count = delays.Count.ToString(CultureInfo.InvariantCulture);
            sink.Report(DiagnosticDescriptors.BackoffUnused, retry.Location("BackoffMs"), count, retry.Written("MaxRetries"));
        }
    }
}
