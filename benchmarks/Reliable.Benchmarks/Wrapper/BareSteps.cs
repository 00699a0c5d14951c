using Reliable.Calls;
using Reliable.Transactions;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>
/// The steps of a good call in a row: begin, ask, judge, charge, count. No wrapper, and nothing that could catch, wait or try again: what any wrapper around the same
/// steps costs at least.
/// </summary>
public sealed class BareSteps(Model model, ReliableRuntime runtime)
{
    private readonly CallPolicy _policy = CallPolicy.Create(
        "BareSteps.AskAsync", new RetryAttribute { BackoffMs = [0] }, new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public Task<string> AskAsync(string userId)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        TransactionHandle transaction = Begin(policy, userId);
        Task<string> answer = model.AskAsync();
        Charge(policy, transaction, policy.Accepts(answer.GetAwaiter().GetResult()));
        return answer;
    }

    public ValueTask<string> AskValueAsync(string userId)
    {
        BoundPolicy policy = runtime.Bind(_policy);
        TransactionHandle transaction = Begin(policy, userId);
        ValueTask<string> asked = model.AskValueAsync();
        string answer = asked.IsCompletedSuccessfully ? asked.Result : "";
        Charge(policy, transaction, policy.Accepts(answer));
        return new(answer);
    }

    private TransactionHandle Begin(BoundPolicy policy, string userId)
    {
        if (policy.Settings.Gate.Decide(userId, null) != RolloutMode.On
            || !policy.Keeper.TryBegin(policy.Quotas!, userId, policy.Amount, policy.Settings.TimeToLiveMs, out TransactionHandle transaction))
            throw new InvalidOperationException("A call that is switched on and within its quota begins at once.");
        runtime.Transactions.IdWordsOf(transaction);
        return transaction;
    }

    private static void Charge(BoundPolicy policy, TransactionHandle transaction, bool isGood)
    {
        if (!isGood || !policy.Keeper.TryCommit(transaction, policy.Settings.Terms, out _))
            throw new InvalidOperationException("The answer is good, and the counter in memory.");
        policy.Instruments.Settled(policy.Operation, null);
    }
}
