using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>What must be true when everything has come to rest.</summary>
internal static class SimulationOracle
{
    public static void Check(SimulationOptions options, SimulatedDatabase database, IReadOnlyList<SimulatedCall> calls, IReadOnlyList<SimulatedProcess> processes)
    {
        foreach (SimulatedCall call in calls)
            CheckAnswer(options, database, call);

        foreach ((string userId, SimulatedDatabase.Account account) in database.Accounts)
        {
            long ledger = database.Ledger.Values
                .Where(entry => !entry.IsRefunded && entry.Charge.UserId == userId && entry.Day == account.Day)
                .Sum(entry => entry.Charge.Amount);
            Require(account.Used == ledger, $"the counter of {userId} says {account.Used}, its ledger {ledger}");
        }

        foreach (string userId in ExactUsers(options, database, processes))
            Require(!database.Overshoots.TryGetValue(userId, out string? overshoot), $"a limit was passed: {overshoot}");
    }

    /// <summary>Users of whom one process knew every charge there is, so that their limit must have held.</summary>
    public static IEnumerable<string> ExactUsers(SimulationOptions options, SimulatedDatabase database, IReadOnlyList<SimulatedProcess> processes)
        => options.Processes > 1 || options.Limit is null || processes.Any(static process => process.Number > 0 && process.WentOnBeforeItsStart)
            ? []
            : database.Accounts.Keys.Where(userId => !database.CountedUnknown.Contains(userId) && !processes.Any(process => process.GoneOnUninformed.Contains(userId)));

    private static void CheckAnswer(SimulationOptions options, SimulatedDatabase database, SimulatedCall call)
    {
        if (!call.Begin.IsCompletedSuccessfully)
            return;

        Guid id = Guid.ParseExact(call.Begin.Result.Id["txn-".Length..], "N");
        database.Ledger.TryGetValue(id, out LedgerEntry? entry);
        Require(entry is null || entry.Times <= 1, $"{call} was counted {entry?.Times} times");
        bool isCounted = entry is { IsRefunded: false };
        bool mayBeLost = (options.Journal == JournalMode.None && call.Process.IsDead) || database.Deleted.Contains(call.Begin.Result.UserId);
        if (call.IsTold(TransactionOutcome.Refunded))
            Require(!isCounted, $"{call} was told that it is refunded, and is counted");
        else if (call.HasAskedForRefund)
            return;
        else if (call.IsTold(TransactionOutcome.Committed))
            Require(isCounted || mayBeLost, $"{call} was told that it is counted, and is not");
        else if (call.IsTold(TransactionOutcome.UnknownUser))
            Require(!isCounted, $"{call} was told that its user is unknown, and is counted");
        else if (call.Commit is null || (call.Commit.IsFaulted && call.Commit.Exception!.InnerException is not UsageUnavailableException))
            Require(!isCounted, $"{call} was told {call.Commit?.Exception?.InnerException?.Message ?? "nothing, and asked for nothing"}, and is counted");
    }

    public static void Require(bool condition, string what)
    {
        if (!condition)
            throw new SimulationFailure(what);
    }
}
