namespace Reliable.Simulation;

/// <summary>What a database does that it must not: so that it is known that the simulation would notice.</summary>
public enum DatabaseFlaw
{
    None,

    /// <summary>It counts a charge again that comes again.</summary>
    IgnoresIds,

    /// <summary>It says of some charges that they are counted, and does not count them.</summary>
    AcknowledgesWithoutApplying,

    /// <summary>It reads every counter as zero, as a copy would that is not kept up to date.</summary>
    ReadsNothing,
}
