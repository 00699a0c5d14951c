using Microsoft.Extensions.AI;

namespace Reliable.Benchmarks.Budget;

/// <summary>A model that answers at once with 1,000 characters after two tools: all the time a call takes is the library's.</summary>
public sealed partial class BudgetAssistant(ReliableRuntime reliable)
{
    private static readonly Task<ChatResponse> s_answer = Task.FromResult(new ChatResponse(
    [
        new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "search"), new FunctionCallContent("2", "search")]),
        new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "found"), new FunctionResultContent("2", "found")]),
        new ChatMessage(ChatRole.Assistant, string.Concat(Enumerable.Repeat("Turn it off and on again. ", 40))),
    ]));

    [Retry, ValidateResponse, UsageTransaction]
    public partial Task<ChatResponse> AskAsync(string userId, CancellationToken cancellationToken = default);

    private static Task<ChatResponse> AskCoreAsync(string userId, CancellationToken cancellationToken) => s_answer;
}
