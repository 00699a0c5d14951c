namespace Reliable.Benchmarks.Wrapper;

/// <summary>How the model's answer comes.</summary>
public enum InnerCall
{
    /// <summary>At once: what is measured is the wrapper alone.</summary>
    Completed,

    /// <summary>After a yield, as from a network: the wrapper has to wait.</summary>
    Yielding,

    /// <summary>At once, and nothing in it the first time: the wrapper asks again, without a delay.</summary>
    FailingOnce,

    /// <summary>At once, and nothing in it, four times: the wrapper gives up.</summary>
    FailingAlways,
}
