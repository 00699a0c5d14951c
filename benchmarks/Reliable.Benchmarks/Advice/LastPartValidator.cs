using Microsoft.Extensions.AI;

namespace Reliable.Benchmarks.Advice;

/// <summary>Looks at the last part as it is.</summary>
public sealed class LastPartValidator : IResponseValidator<ChatResponse>
{
    public ValidationResult Validate(ChatResponse response)
        => response.Messages is [.., { Contents: [.., TextContent last] }] && last.Text.EndsWith('…') ? ValidationResult.Reject("Unfinished") : ValidationResult.Valid;
}
