using Reliable.Calls;
using Reliable.Diagnostics;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>The same work through the same parts of the library, in the async method one would write by hand.</summary>
public sealed class HandWrittenAssistant(Model model, ReliableRuntime runtime)
{
    private readonly CallPolicy _policy = CallPolicy.Create(
        "HandWrittenAssistant.AskAsync", new RetryAttribute { BackoffMs = [0] }, new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public async Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        if (policy.Settings.Gate.Decide(userId, null) != RolloutMode.On)
            return await AskCoreAsync(userId, question, new AttemptContext(1, 1), cancellationToken).ConfigureAwait(false);
        TransactionHandle transaction = await BeginAsync(policy, userId, cancellationToken).ConfigureAwait(false);
        Guid id = runtime.Transactions.IdOf(transaction);
        for (int number = 1; ; number++)
        {
            try
            {
                var attempt = new AttemptContext(number, policy.Retry.MaxAttempts, transaction: id);
                string response = await AskCoreAsync(userId, question, attempt, cancellationToken).ConfigureAwait(false);
                if (IsGood(policy, response))
                {
                    await CommitAsync(policy, transaction).ConfigureAwait(false);
                    return response;
                }
            }
            catch (RetryableException e) when (number < policy.Retry.MaxAttempts)
            {
                Log.RetryAttempt(policy.Runtime.Logger, number + 1, policy.Retry.MaxAttempts, userId, e.Message);
            }
            catch
            {
                policy.Keeper.Rollback(transaction, RollbackReasons.Error);
                throw;
            }

            if (number == policy.Retry.MaxAttempts)
                throw GiveUp(policy, transaction);
            if (policy.Retry.DelayBefore(number - 1, retryAfter: null, random: 0) is { Ticks: > 0 } delay)
                await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        if (policy.Settings.Gate.Decide(userId, null) != RolloutMode.On)
            return await AskValueCoreAsync(userId, question, new AttemptContext(1, 1), cancellationToken).ConfigureAwait(false);
        TransactionHandle transaction = await BeginAsync(policy, userId, cancellationToken).ConfigureAwait(false);
        Guid id = runtime.Transactions.IdOf(transaction);
        for (int number = 1; ; number++)
        {
            try
            {
                var attempt = new AttemptContext(number, policy.Retry.MaxAttempts, transaction: id);
                string response = await AskValueCoreAsync(userId, question, attempt, cancellationToken).ConfigureAwait(false);
                if (IsGood(policy, response))
                {
                    await CommitAsync(policy, transaction).ConfigureAwait(false);
                    return response;
                }
            }
            catch (RetryableException e) when (number < policy.Retry.MaxAttempts)
            {
                Log.RetryAttempt(policy.Runtime.Logger, number + 1, policy.Retry.MaxAttempts, userId, e.Message);
            }
            catch
            {
                policy.Keeper.Rollback(transaction, RollbackReasons.Error);
                throw;
            }

            if (number == policy.Retry.MaxAttempts)
                throw GiveUp(policy, transaction);
            if (policy.Retry.DelayBefore(number - 1, retryAfter: null, random: 0) is { Ticks: > 0 } delay)
                await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<string> AskCoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken) => model.AskAsync();

    private ValueTask<string> AskValueCoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken) => model.AskValueAsync();

    private static ValueTask<TransactionHandle> BeginAsync(BoundPolicy policy, string userId, CancellationToken cancellationToken)
    {
        long since = CallEngine.Timestamp(policy);
        if (!policy.Keeper.TryBegin(policy.Quotas!, userId, policy.Amount, policy.Settings.TimeToLiveMs, out TransactionHandle transaction))
            return BeginSlowAsync(policy, userId, cancellationToken);
        policy.Instruments.BeginTook(since);
        return new(transaction);
    }

    private static async ValueTask<TransactionHandle> BeginSlowAsync(BoundPolicy policy, string userId, CancellationToken cancellationToken)
    {
        BeginResult begun = await policy.Keeper.BeginAsync(policy.Quotas!, userId, policy.Amount, cancellationToken).ConfigureAwait(false);
        return begun.Denied is null ? begun.Handle : throw new UsageLimitExceededException(userId, policy.Quotas!.Counter, begun.Denied);
    }

    private static bool IsGood(BoundPolicy policy, string response)
    {
        long since = CallEngine.Timestamp(policy);
        policy.TryJudge(response, out ValidationResult verdict);
        policy.Instruments.ValidateTook(since);
        if (verdict.IsValid)
            return true;
        Log.InvalidResponse(policy.Runtime.Logger, verdict.Message, verdict.Metrics.TotalTextLength, verdict.Metrics.AssistantMessageCount);
        policy.Instruments.Rejected(policy.Operation, null, verdict.Reason);
        return false;
    }

    private static ValueTask CommitAsync(BoundPolicy policy, TransactionHandle transaction)
    {
        long since = CallEngine.Timestamp(policy);
        if (!policy.Keeper.TryCommit(transaction, policy.Settings.Terms, out _))
            return AwaitAsync(policy.Keeper.CommitAsync(transaction));
        policy.Instruments.CommitTook(since);
        policy.Instruments.Settled(policy.Operation, null);
        return default;
    }

    private static async ValueTask AwaitAsync(ValueTask<CommitResult> commit) => await commit.ConfigureAwait(false);

    private static NonRetryableException GiveUp(BoundPolicy policy, TransactionHandle transaction)
    {
        policy.Keeper.Rollback(transaction, RollbackReasons.AllRetriesFailed);
        policy.Instruments.Ended(policy.Operation, null, CallOutcome.Exhausted);
        return new NonRetryableException("The model gave no answer that is good enough.");
    }
}
