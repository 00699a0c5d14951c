using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Ratios;

/// <summary>One call of one contender. Implemented by structs, so that the loop around it calls it directly.</summary>
internal interface IWrapperCall
{
    static abstract string Name { get; }

    static abstract ValueTask<string> CallValueAsync(WrapperContenders contenders);

    static abstract Task<string> CallAsync(WrapperContenders contenders);
}
