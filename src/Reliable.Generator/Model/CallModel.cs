using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>The call of <c>CallRunner</c> that one method consists of. Expressions are C# text.</summary>
/// <param name="Policy">What its attributes say.</param>
/// <param name="IsStream">Whether the answer comes piece by piece.</param>
/// <param name="Runtime">The expression that yields the runtime.</param>
/// <param name="State">What its lambdas need.</param>
/// <param name="StateParameter">The name under which the lambdas see it.</param>
/// <param name="Attempt">The method that makes the model call.</param>
/// <param name="Fallback">The last resort, or <see langword="null"/>.</param>
/// <param name="UserId">The user's id, or <see langword="null"/>.</param>
/// <param name="ModelId">The model's id, or <see langword="null"/>.</param>
/// <param name="CorrelationId">The conversation's id, or <see langword="null"/>.</param>
/// <param name="Progress">Who is told about retries, or <see langword="null"/>.</param>
/// <param name="CancellationToken">The caller's token, or <see langword="null"/>.</param>
internal sealed record CallModel(
    PolicyModel Policy,
    bool IsStream,
    string Runtime,
    EquatableArray<StateElementModel> State,
    string StateParameter,
    TargetModel Attempt,
    TargetModel? Fallback,
    string? UserId,
    string? ModelId,
    string? CorrelationId,
    string? Progress,
    string? CancellationToken);
