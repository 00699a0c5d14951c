namespace Reliable.Benchmarks.Wrapper;

/// <summary>How the model's answer comes.</summary>
public enum InnerCall
{
    /// <summary>At once: what is measured is the wrapper alone.</summary>
    Completed,

    /// <summary>After a yield, as from a network: the wrapper has to wait.</summary>
    Yielding,
}
