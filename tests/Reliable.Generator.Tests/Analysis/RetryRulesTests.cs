using Microsoft.CodeAnalysis;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class RetryRulesTests
{
    [Theory]
    [InlineData("MaxRetries", "-1")]
    [InlineData("MaxRetries", "11")]
    [InlineData("AttemptTimeoutMs", "-1")]
    [InlineData("TotalTimeoutMs", "-5 + 1")]
    public void Check_WhenValueIsOutOfRange_ReportsTheValue(string property, string value)
        => GeneratorHarness.Run(Consumer.Method($"[Retry({property} = {value})]")).AssertOnly("REL013", value);

    [Theory]
    [InlineData("MaxRetries = 0")]
    [InlineData("MaxRetries = 10")]
    [InlineData("AttemptTimeoutMs = 0, TotalTimeoutMs = 0")]
    [InlineData("BackoffMs = [0, 30000], MaxRetries = 2")]
    [InlineData("BackoffMs = [1, 2, 3, 4, 5]")]
    public void Check_WhenValueIsAtTheLimit_ReportsNothing(string arguments)
        => GeneratorHarness.Run(Consumer.Method($"[Retry({arguments})]")).AssertClean();

    [Theory]
    [InlineData("[1, -2]", "-2")]
    [InlineData("new[] { -3, 4 }", "-3")]
    [InlineData("new int[] { 1, -4 }", "-4")]
    public void Check_WhenDelayIsNegative_ReportsTheDelay(string delays, string underlined)
        => GeneratorHarness.Run(Consumer.Method($"[Retry(BackoffMs = {delays})]")).AssertOnly("REL010", underlined);

    [Fact]
    public void Check_WhenThereAreNoDelays_ReportsTheArray()
        => GeneratorHarness.Run(Consumer.Method("[Retry(BackoffMs = [])]")).AssertOnly("REL013", "[]");

    [Fact]
    public void Check_WhenDelayIsTooLong_WarnsAndGenerates()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Method("[Retry(BackoffMs = [1, 30001])]"));

        Assert.Equal(DiagnosticSeverity.Warning, run.AssertOnly("REL011", "30001").Severity);
        Assert.Contains("BackoffMs = new[] { 1, 30001 }", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhenThereAreMoreDelaysThanRetries_WarnsAndGenerates()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Method("[Retry(MaxRetries = 1, BackoffMs = [1, 2])]"));

        Assert.Equal(DiagnosticSeverity.Warning, run.AssertOnly("REL012", "[1, 2]").Severity);
        Assert.Contains("CallRunner", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhenWarningIsDisabledInTheSource_ReportsNothing()
    {
        GeneratorRun run = GeneratorHarness.Run("#pragma warning disable REL012\n" + Consumer.Method("[Retry(MaxRetries = 1, BackoffMs = [1, 2])]"));

        Assert.True(Assert.Single(run.Diagnostics).IsSuppressed);
    }
}
