namespace Reliable.Usage;

/// <summary>What became of a charge.</summary>
public enum ChargeOutcome
{
    /// <summary>It was counted now.</summary>
    Counted = 0,

    /// <summary>It had been counted before: the reply to an earlier try was lost.</summary>
    AlreadyCounted,

    /// <summary>It was not counted, because the limit is reached.</summary>
    LimitReached,

    /// <summary>It was not counted, because the user does not exist in the application's table.</summary>
    UnknownUser,

    /// <summary>It was not counted, because it had been refunded before it arrived.</summary>
    Refunded,

    /// <summary>It was not counted, because somebody else holds the counter's row: to be sent again later.</summary>
    Contended,
}
