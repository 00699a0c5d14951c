using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class ValidationRulesTests
{
    [Theory]
    [InlineData("MinLength")]
    [InlineData("MinFollowUpLength")]
    public void Check_WhenLengthIsNegative_ReportsTheValue(string property)
        => GeneratorHarness.Run(Consumer.Method($"[ValidateResponse({property} = -1)]")).AssertOnly("REL013", "-1");

    [Theory]
    [InlineData("Task")]
    [InlineData("ValueTask")]
    [InlineData("IAsyncEnumerable<int>")]
    [InlineData("IAsyncEnumerable<ChatResponse>")]
    [InlineData("Task<int>")]
    [InlineData("ValueTask<Uri>")]
    [InlineData("Task<System.Collections.Immutable.ImmutableArray<ChatMessage>>")]
    [InlineData("Task<List<string>>")]
    public void Check_WhenThereAreNoRulesForTheType_ReportsTheAttribute(string returns)
        => GeneratorHarness.Run(Consumer.Method("[Retry, ValidateResponse(MinLength = 3)]", returns))
            .AssertOnly("REL017", "ValidateResponse(MinLength = 3)");

    [Theory]
    [InlineData("Rules = ResponseRules.None")]
    [InlineData("Rules = ResponseRules.NoToolCallsOnly | ResponseRules.ToolOutputsExplained")]
    [InlineData("Rules = ResponseRules.MinText, MinLength = 0")]
    public void Check_WhenNoRuleAppliesToAString_ReportsTheAttribute(string arguments)
        => GeneratorHarness.Run(Consumer.Method($"[ValidateResponse({arguments})]")).AssertOnly("REL017", $"ValidateResponse({arguments})");

    [Theory]
    [InlineData("Rules = ResponseRules.None", "Task<ChatResponse>")]
    [InlineData("Rules = ResponseRules.MinText, MinLength = 1", "Task<string>")]
    [InlineData("MinLength = 0", "Task<string>")]
    [InlineData("", "Task<ChatMessage>")]
    [InlineData("", "IAsyncEnumerable<string>")]
    [InlineData("Rules = ResponseRules.None", "IAsyncEnumerable<ChatResponseUpdate>")]
    [InlineData("", "IAsyncEnumerable<object>")]
    [InlineData("", "Task<IReadOnlyList<ChatMessage>>")]
    [InlineData("", "Task<object>")]
    [InlineData("", "ValueTask<dynamic>")]
    public void Check_WhenSomethingCanBeRejected_ReportsNothing(string arguments, string returns)
        => GeneratorHarness.Run(Consumer.Method($"[ValidateResponse({arguments})]", returns)).AssertClean();
}
