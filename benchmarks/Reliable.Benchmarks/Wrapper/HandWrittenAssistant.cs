using Reliable.Calls;
using Reliable.Diagnostics;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>The same work through the same parts of the library, in the async method one would write by hand: no retry, because nothing fails here.</summary>
public sealed class HandWrittenAssistant(Model model, ReliableRuntime runtime)
{
    private readonly CallPolicy _policy = CallPolicy.Create(
        "HandWrittenAssistant.AskAsync", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public async Task<string> AskAsync(string userId, CancellationToken cancellationToken)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        if (policy.Settings.Gate.Decide(userId, null) != RolloutMode.On)
            return await model.AskAsync().ConfigureAwait(false);
        TransactionHandle transaction = await BeginAsync(policy, userId, cancellationToken).ConfigureAwait(false);
        try
        {
            string response = await model.AskAsync().ConfigureAwait(false);
            await FinishAsync(policy, transaction, response).ConfigureAwait(false);
            return response;
        }
        catch
        {
            policy.Keeper.Rollback(transaction, RollbackReasons.Error);
            throw;
        }
    }

    public async ValueTask<string> AskValueAsync(string userId, CancellationToken cancellationToken)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        if (policy.Settings.Gate.Decide(userId, null) != RolloutMode.On)
            return await model.AskValueAsync().ConfigureAwait(false);
        TransactionHandle transaction = await BeginAsync(policy, userId, cancellationToken).ConfigureAwait(false);
        try
        {
            string response = await model.AskValueAsync().ConfigureAwait(false);
            await FinishAsync(policy, transaction, response).ConfigureAwait(false);
            return response;
        }
        catch
        {
            policy.Keeper.Rollback(transaction, RollbackReasons.Error);
            throw;
        }
    }

    private static ValueTask<TransactionHandle> BeginAsync(BoundPolicy policy, string userId, CancellationToken cancellationToken)
    {
        long since = CallEngine.Timestamp(policy);
        if (!policy.Keeper.TryBegin(policy.Quotas!, userId, policy.Amount, out TransactionHandle transaction))
            return BeginSlowAsync(policy, userId, cancellationToken);
        policy.Instruments.BeginTook(since);
        return new(transaction);
    }

    private static async ValueTask<TransactionHandle> BeginSlowAsync(BoundPolicy policy, string userId, CancellationToken cancellationToken)
    {
        BeginResult begun = await policy.Keeper.BeginAsync(policy.Quotas!, userId, policy.Amount, cancellationToken).ConfigureAwait(false);
        return begun.Denied is null ? begun.Handle : throw new UsageLimitExceededException(userId, policy.Quotas!.Counter, begun.Denied);
    }

    private static ValueTask FinishAsync(BoundPolicy policy, TransactionHandle transaction, string response)
    {
        long since = CallEngine.Timestamp(policy);
        if (!policy.IsGood(response))
            throw new RetryableException("The answer is not good enough.");
        policy.Instruments.ValidateTook(since);
        since = CallEngine.Timestamp(policy);
        ValueTask<CommitResult> commit = policy.Keeper.CommitAsync(transaction);
        if (!commit.IsCompletedSuccessfully)
            return AwaitAsync(commit);
        commit.GetAwaiter().GetResult();
        policy.Instruments.CommitTook(since);
        policy.Instruments.Ended(policy.Operation, null, CallOutcome.Success);
        return default;
    }

    private static async ValueTask AwaitAsync(ValueTask<CommitResult> commit) => await commit.ConfigureAwait(false);
}
