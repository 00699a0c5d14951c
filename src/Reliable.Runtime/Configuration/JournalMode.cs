namespace Reliable;

/// <summary>What the local journal of charges survives.</summary>
public enum JournalMode
{
    /// <summary>There is no journal: a charge that the database did not take is lost with the process.</summary>
    None = 0,

    /// <summary>The end of the process, also by a kill: charges are handed to the operating system before their answers leave.</summary>
    ProcessCrash = 1,

    /// <summary>The end of the machine's power too: charges are forced to the disk before their answers leave.</summary>
    PowerLoss = 2,
}
