namespace Reliable.Simulation;

/// <summary>A caller with one transaction: what it did, and what it was told.</summary>
internal sealed class SimulatedCall(int number, SimulatedProcess process, Task<UsageTransaction> begin)
{
    public int Number { get; } = number;

    public SimulatedProcess Process { get; } = process;

    public Task<UsageTransaction> Begin { get; } = begin;

    public Task<TransactionOutcome>? Commit { get; private set; }

    public Task<TransactionOutcome>? Rollback { get; private set; }

    /// <summary>Whether a refund was ever sent: then one that failed may have arrived.</summary>
    public bool HasAskedForRefund { get; private set; }

    public bool IsOpen => Begin.IsCompletedSuccessfully && Commit is null && Rollback is null;

    public bool IsBusy => !Process.IsDead && (!Begin.IsCompleted || Commit is { IsCompleted: false } || Rollback is { IsCompleted: false });

    public bool IsTold(TransactionOutcome outcome)
        => (Commit is { IsCompletedSuccessfully: true } && Commit.Result == outcome) || (Rollback is { IsCompletedSuccessfully: true } && Rollback.Result == outcome);

    public void StartCommit() => Commit = Begin.Result.CommitAsync().AsTask();

    public void CommitAgain()
    {
        Task<TransactionOutcome> again = Begin.Result.CommitAsync().AsTask();
        bool isRight = Commit!.IsCompletedSuccessfully && Commit.Result == TransactionOutcome.Committed
            ? again.IsCompletedSuccessfully && again.Result == TransactionOutcome.AlreadyCommitted
            : again.IsFaulted;
        if (!isRight)
            throw new SimulationFailure($"call {Number}: a second commit was answered {(again.IsCompletedSuccessfully ? again.Result : again.Status)}");
    }

    public void StartRollback()
    {
        HasAskedForRefund |= Commit is { IsCompletedSuccessfully: true };
        Rollback = Begin.Result.RollbackAsync().AsTask();
    }

    public override string ToString() => $"call {Number} of process {Process.Number}";
}
