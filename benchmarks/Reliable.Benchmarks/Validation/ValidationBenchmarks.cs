using System.Globalization;
using BenchmarkDotNet.Attributes;
using Reliable.Validation;

namespace Reliable.Benchmarks.Validation;

/// <summary>The verdict on one answer of text.</summary>
[MemoryDiagnoser]
public class ValidationBenchmarks
{
    private readonly ResponseCriteria _criteria = ResponseCriteria.From(null);
    private string _text = "";

    [Params(100, 1_000, 10_000, 100_000, 1_000_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void SetUp() => _text = string.Concat(Enumerable.Repeat("Turn it off and on again. ", (Length / 26) + 1))[..Length];

    [Benchmark(Description = "verdict, as calls ask for it")]
    public bool Verdict() => BuiltInRules.Judge(_text, _criteria).IsValid;

    [Benchmark(Description = "verdict with metrics")]
    public bool VerdictWithMetrics() => ResponseValidator.Validate(_text).IsValid;

    [Benchmark(Baseline = true, Description = "the same count, character by character")]
    public bool EachCharacter()
    {
        int visible = 0;
        foreach (char c in _text.AsSpan().Trim())
        {
            if (char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format))
                visible++;
        }

        return visible >= 10;
    }

    [Benchmark(Description = "Trim().Length: not the same count")]
    public bool Trim() => _text.Trim().Length >= 10;
}
