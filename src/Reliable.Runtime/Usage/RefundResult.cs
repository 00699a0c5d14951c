namespace Reliable.Usage;

/// <summary>What a refund did.</summary>
public enum RefundResult
{
    /// <summary>The charge had been counted and is taken back now.</summary>
    Refunded = 0,

    /// <summary>The charge had not been counted; should it still arrive, it will not be.</summary>
    Blocked,

    /// <summary>It had been refunded or blocked before; nothing changed.</summary>
    AlreadyRefunded,

    /// <summary>The user does not exist.</summary>
    UnknownUser,
}
