using System.Data.Common;
using Reliable.Calls;

namespace Reliable.Faults;

/// <summary>
/// Callers that charge at random through everything an application has: manual transactions committed once or twice, rolled back, taken back, raced, and
/// whole calls. Every answer is told to the oracle.
/// </summary>
internal sealed class ChargeLoad(ReliableRuntime runtime, ExactlyOnceOracle oracle, IReadOnlyList<string> users, int seed)
{
    private static readonly CallPolicy s_policy = CallPolicy.Create(
        "ChargeLoad.AskAsync", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    private int _begun;

    /// <summary>How many charges were begun so far, refused ones included.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public Task RunAsync(int charges, int callers)
        => Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(charges, new Random(seed + caller)))));

    /// <summary>Goes on until it is cancelled; calls in flight are ended.</summary>
    public Task RunAsync(int callers, CancellationToken stop)
        => Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(int.MaxValue, new Random(seed + caller), stop), CancellationToken.None)));

    private async Task CallAsync(int charges, Random random, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested && Interlocked.Increment(ref _begun) <= charges)
        {
            string user = users[random.Next(users.Count)];
            int kind = random.Next(100);
            if (kind < 40)
                await AskAsync(user);
            else
                await ChargeAsync(user, kind);
        }
    }

    /// <summary>One call from begin to commit, as generated code makes it.</summary>
    public async Task AskAsync(string user)
    {
        var ids = new List<string>(1);
        try
        {
            await CallRunner.RunAsync(
                runtime,
                s_policy,
                ids,
                static (state, attempt, _) =>
                {
                    state.Add(attempt.TransactionId!);
                    return Task.FromResult("An answer that is good enough.");
                },
                userId: user);
            oracle.Tell(ids.Single(), user, ToldOutcome.Counted);
        }
        catch (UsageLimitExceededException)
        {
            Refuse(ids, user, ToldOutcome.NotCounted);
        }
        catch (UsageUnavailableException)
        {
            Refuse(ids, user, ToldOutcome.Untold);
        }
    }

    private void Refuse(List<string> ids, string user, ToldOutcome outcome)
    {
        if (ids.Count == 0)
            oracle.TellDenied();
        else
            oracle.Tell(ids.Single(), user, outcome);
    }

    private async Task ChargeAsync(string user, int kind)
    {
        UsageTransaction transaction;
        try
        {
            transaction = await runtime.Usage.BeginAsync(user);
        }
        catch (Exception e) when (e is UsageLimitExceededException or UsageUnavailableException)
        {
            oracle.TellDenied();
            return;
        }

        ToldOutcome outcome = kind switch
        {
            < 43 => await RollBackAsync(transaction),
            < 46 => await CommitTwiceAsync(transaction),
            < 49 => await CommitAsync(transaction) == ToldOutcome.Counted ? await TakeBackAsync(transaction) : ToldOutcome.NotCounted,
            < 52 => await CommitAndRollBackAtOnceAsync(transaction),
            _ => await CommitAsync(transaction),
        };
        oracle.Tell(transaction.Id, user, outcome);
    }

    /// <summary>Commits, and says what the caller knows then.</summary>
    public static async Task<ToldOutcome> CommitAsync(UsageTransaction transaction)
    {
        try
        {
            return await transaction.CommitAsync() is TransactionOutcome.Committed or TransactionOutcome.AlreadyCommitted
                ? ToldOutcome.Counted
                : ToldOutcome.NotCounted;
        }
        catch (Exception e) when (e is UsageLimitExceededException or InvalidOperationException)
        {
            return ToldOutcome.NotCounted;
        }
        catch (UsageUnavailableException)
        {
            return ToldOutcome.Untold;
        }
    }

    private static async Task<ToldOutcome> RollBackAsync(UsageTransaction transaction)
    {
        Assert.Equal(TransactionOutcome.RolledBack, await transaction.RollbackAsync());
        return ToldOutcome.NotCounted;
    }

    private static async Task<ToldOutcome> CommitTwiceAsync(UsageTransaction transaction)
    {
        ToldOutcome[] both = await Task.WhenAll(CommitAsync(transaction), CommitAsync(transaction));
        Assert.Equal(both[0], both[1]);
        return both[0];
    }

    private static async Task<ToldOutcome> TakeBackAsync(UsageTransaction transaction)
        => await RefundAsync(transaction) is TransactionOutcome.Refunded ? ToldOutcome.NotCounted : ToldOutcome.Counted;

    private static async Task<TransactionOutcome> RefundAsync(UsageTransaction transaction)
    {
        while (true)
        {
            try
            {
                return await transaction.RollbackAsync();
            }
            catch (DbException)
            {
                await Task.Delay(10);
            }
        }
    }

    // Whoever wins, it is not counted in the end: a rollback after the commit takes it back.
    private static async Task<ToldOutcome> CommitAndRollBackAtOnceAsync(UsageTransaction transaction)
    {
        Task<ToldOutcome> committing = Task.Run(() => CommitAsync(transaction));
        await RefundAsync(transaction);
        return await committing == ToldOutcome.Untold ? ToldOutcome.Untold : ToldOutcome.NotCounted;
    }
}
