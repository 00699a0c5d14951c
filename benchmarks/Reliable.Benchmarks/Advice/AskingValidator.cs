using Microsoft.Extensions.AI;

namespace Reliable.Benchmarks.Advice;

/// <summary>The same rule as <see cref="LastPartValidator"/> in the asynchronous form, where nothing is waited for.</summary>
public sealed class AskingValidator : IAsyncResponseValidator<ChatResponse>
{
    private static readonly LastPartValidator s_rule = new();

    public ValueTask<ValidationResult> ValidateAsync(ChatResponse response, CancellationToken cancellationToken) => new(s_rule.Validate(response));
}
