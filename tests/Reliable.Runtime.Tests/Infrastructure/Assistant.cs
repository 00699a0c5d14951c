using Reliable.Calls;

namespace Reliable.Infrastructure;

/// <summary>A class as generated code leaves it: one policy, one state tuple, static lambdas.</summary>
internal sealed class Assistant<T>(ReliableRuntime runtime, CallPolicy policy, ScriptedModel<T> model, ScriptedModel<T>? fallback = null)
{
    private readonly FakeTimeProvider _clock = (FakeTimeProvider)runtime.Time;

    public CallShape Shape { get; init; } = CallShape.TaskAtOnce;

    public string? ModelId { get; init; }

    public string? ChatId { get; init; } = "chat-1";

    public IProgress<RetryStatus>? Progress { get; init; }

    /// <summary>Calls, and moves time until the call has ended.</summary>
    public Task<T> AskAsync(string? userId = "u1", CancellationToken cancellationToken = default)
        => _clock.DriveAsync(StartAsync(userId, cancellationToken));

    /// <summary>Calls, and leaves time where it is.</summary>
    public Task<T> StartAsync(string? userId = "u1", CancellationToken cancellationToken = default)
    {
        if (Shape is CallShape.TaskAtOnceWarm or CallShape.ValueTaskAtOnceWarm)
        {
            Task<UsageSnapshot> known = runtime.Usage.GetUsageAsync(userId!, CancellationToken.None).AsTask();
            Assert.True(known.IsCompletedSuccessfully);
        }

        return Shape switch
        {
            CallShape.TaskAtOnce or CallShape.TaskAtOnceWarm => AsTask(userId, cancellationToken),
            CallShape.TaskLater => AsTaskLater(userId, cancellationToken),
            CallShape.ValueTaskAtOnce or CallShape.ValueTaskAtOnceWarm => AsValueTask(userId, cancellationToken).AsTask(),
            _ => AsValueTaskLater(userId, cancellationToken).AsTask(),
        };
    }

    private Task<T> AsTask(string? userId, CancellationToken cancellationToken)
        => CallRunner.RunAsync(
            runtime,
            policy,
            (model, fallback, clock: _clock),
            static (state, attempt, token) => state.model.CallAsync(attempt, token),
            fallback is null ? null : static (state, attempt, token) => state.fallback!.CallAsync(attempt, token),
            userId,
            ModelId,
            ChatId,
            Progress,
            cancellationToken);

    private Task<T> AsTaskLater(string? userId, CancellationToken cancellationToken)
        => CallRunner.RunAsync(
            runtime,
            policy,
            (model, fallback, clock: _clock),
            static (state, attempt, token) => state.model.CallLaterAsync(state.clock, attempt, token),
            fallback is null ? null : static (state, attempt, token) => state.fallback!.CallLaterAsync(state.clock, attempt, token),
            userId,
            ModelId,
            ChatId,
            Progress,
            cancellationToken);

    private ValueTask<T> AsValueTask(string? userId, CancellationToken cancellationToken)
        => CallRunner.RunAsync(
            runtime,
            policy,
            (model, fallback, clock: _clock),
            static (state, attempt, token) => new ValueTask<T>(state.model.CallAsync(attempt, token)),
            fallback is null ? null : static (state, attempt, token) => new ValueTask<T>(state.fallback!.CallAsync(attempt, token)),
            userId,
            ModelId,
            ChatId,
            Progress,
            cancellationToken);

    private ValueTask<T> AsValueTaskLater(string? userId, CancellationToken cancellationToken)
        => CallRunner.RunAsync(
            runtime,
            policy,
            (model, fallback, clock: _clock),
            static (state, attempt, token) => new ValueTask<T>(state.model.CallLaterAsync(state.clock, attempt, token)),
            fallback is null ? null : static (state, attempt, token) => new ValueTask<T>(state.fallback!.CallLaterAsync(state.clock, attempt, token)),
            userId,
            ModelId,
            ChatId,
            Progress,
            cancellationToken);
}
