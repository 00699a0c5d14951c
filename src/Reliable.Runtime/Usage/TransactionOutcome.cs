namespace Reliable;

/// <summary>What a commit or a rollback of a <see cref="UsageTransaction"/> did.</summary>
public enum TransactionOutcome
{
    /// <summary>It was counted now; with <see cref="CommitMode.Deferred"/>, or a database that does not answer in time, as soon as the database takes it.</summary>
    Committed = 0,

    /// <summary>It had been committed before: nothing changed.</summary>
    AlreadyCommitted,

    /// <summary>It was rolled back now: nothing is counted.</summary>
    RolledBack,

    /// <summary>It had been rolled back, or had expired, before: nothing changed.</summary>
    AlreadyRolledBack,

    /// <summary>It had been committed, and was taken back now.</summary>
    Refunded,

    /// <summary>The user was deleted since it began: there is nothing to count.</summary>
    UnknownUser,
}
