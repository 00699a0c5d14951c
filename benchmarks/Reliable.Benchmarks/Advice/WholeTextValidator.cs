using Microsoft.Extensions.AI;

namespace Reliable.Benchmarks.Advice;

/// <summary>Has the whole text put together, twice.</summary>
public sealed class WholeTextValidator : IResponseValidator<ChatResponse>
{
    public ValidationResult Validate(ChatResponse response)
        => response.Text.Contains("TODO", StringComparison.Ordinal) || response.Text.EndsWith('…') ? ValidationResult.Reject("Unfinished") : ValidationResult.Valid;
}
