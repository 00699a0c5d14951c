using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>What the values of <c>[UsageTransaction]</c> may be.</summary>
internal static class UsageRules
{
    public static void Check(AttributeReader usage, DiagnosticSink sink)
    {
        if (usage.Int("Amount") is < 1)
        {
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, usage.Location("Amount"), "Amount", usage.Written("Amount"), "1 or more");
        }

        if (usage.IsValue("Counter") && string.IsNullOrWhiteSpace(usage.Text("Counter")))
        {
            sink.Report(DiagnosticDescriptors.CounterEmpty, usage.Location("Counter"));
        }
    }
}
