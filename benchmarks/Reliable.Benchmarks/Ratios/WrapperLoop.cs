using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Ratios;

/// <summary>A turn: so many calls of one contender, one after the other, on a thread of the pool.</summary>
internal abstract class WrapperLoop
{
    public abstract string Name { get; }

    public static WrapperLoop Of<TCall>(WrapperContenders contenders, bool returnsValueTask)
        where TCall : struct, IWrapperCall
        => new Loop<TCall>(contenders, returnsValueTask);

    /// <summary>Runs a turn.</summary>
    /// <returns>Nanoseconds of processor time and bytes for each call.</returns>
    public async Task<(double Nanoseconds, double Bytes)> RunAsync(int calls)
    {
        await Task.Yield();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await LoopAsync(calls);
        TimeSpan took = Environment.CpuUsage.TotalTime - before;
        return (took.TotalNanoseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
    }

    protected abstract Task LoopAsync(int calls);

    private sealed class Loop<TCall>(WrapperContenders contenders, bool returnsValueTask) : WrapperLoop
        where TCall : struct, IWrapperCall
    {
        public override string Name => TCall.Name;

        protected override Task LoopAsync(int calls)
            => contenders.IsFailing ? FailAsync(calls) : returnsValueTask ? AskValueAsync(calls) : AskAsync(calls);

        private async Task AskAsync(int calls)
        {
            for (int i = 0; i < calls; i++)
                await TCall.CallAsync(contenders);
        }

        private async Task AskValueAsync(int calls)
        {
            for (int i = 0; i < calls; i++)
                await TCall.CallValueAsync(contenders);
        }

        private async Task FailAsync(int calls)
        {
            for (int i = 0; i < calls; i++)
            {
                try
                {
                    if (returnsValueTask)
                        await TCall.CallValueAsync(contenders);
                    else
                        await TCall.CallAsync(contenders);
                }
                catch (Exception)
                {
                    // The expected end of every call.
                }
            }
        }
    }
}
