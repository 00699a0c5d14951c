namespace Reliable;

/// <summary>How long a usage transaction may stay open.</summary>
public sealed class TransactionOptions
{
    /// <summary>The time after which an open transaction expires and its reservation is given back. Default: 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often expired transactions are looked for; an expired one cannot be committed even before it is found. Default: 1 minute.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromMinutes(1);
}
