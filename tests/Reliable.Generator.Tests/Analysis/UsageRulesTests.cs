using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class UsageRulesTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void Check_WhenAmountIsNotPositive_ReportsTheValue(string amount)
        => GeneratorHarness.Run(Consumer.Method($"[UsageTransaction(Amount = {amount})]")).AssertOnly("REL013", amount);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("null!")]
    public void Check_WhenCounterIsEmpty_ReportsTheValue(string counter)
        => GeneratorHarness.Run(Consumer.Method($"[UsageTransaction(Counter = {counter})]")).AssertOnly("REL014", counter);
}
