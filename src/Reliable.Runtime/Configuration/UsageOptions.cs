namespace Reliable;

/// <summary>How usage reaches the database.</summary>
public sealed class UsageOptions
{
    /// <summary>Whether an answer waits until its charge is durable in the database. Default: <see cref="CommitMode.Awaited"/>.</summary>
    public CommitMode Commit { get; set; } = CommitMode.Awaited;

    /// <summary>How long an answer waits for the database before it leaves with its charge in the journal. Default: 1 s.</summary>
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What the local journal of charges survives; read on start only. Default: <see cref="JournalMode.ProcessCrash"/>.</summary>
    public JournalMode Journal { get; set; } = JournalMode.ProcessCrash;

    /// <summary>
    /// The directory of the journal; one process at a time writes there. Read on start only. Default: <see langword="null"/>, a directory <c>reliable-journal</c> under the application's
    /// base directory.
    /// </summary>
    public string? JournalPath { get; set; }

    /// <summary>
    /// How long the ledger remembers charges, so that none is counted twice: from 1 to 3,650 days. A charge in the journal that is older is not sent again but
    /// kept aside; the ledger forgets charges a day later. Default: 3 days, a long weekend in which nobody starts a machine that was stopped on its eve.
    /// Ignored by stores without a ledger.
    /// </summary>
    public TimeSpan LedgerRetention { get; set; } = TimeSpan.FromDays(3);

    /// <summary>The daily limit of users who have none of their own, 0 or more. Default: <see langword="null"/>, unlimited.</summary>
    public long? DefaultLimit { get; set; }

    /// <summary>The time zone in which the database's clock decides which day it is, as an IANA or Windows name. Default: <c>UTC</c>.</summary>
    public string ResetTimeZone { get; set; } = "UTC";
}
