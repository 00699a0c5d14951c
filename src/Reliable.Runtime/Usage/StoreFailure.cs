namespace Reliable.Usage;

/// <summary>What an exception from a store means for the charges that were sent.</summary>
public enum StoreFailure
{
    /// <summary>They were certainly not counted; the same batch can be sent again soon.</summary>
    NotApplied = 0,

    /// <summary>
    /// They were certainly not counted, because somebody else holds a row one of them needs. They are sent again at once, with <see cref="UsageTerms.SkipHeld"/>.
    /// </summary>
    Contended,

    /// <summary>They may have been counted; the same batch must be sent again under the same ids.</summary>
    Unknown,

    /// <summary>This batch will never be taken as it is: split it to find the charge that is wrong.</summary>
    Permanent,
}
