using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>Shows how far the run is: a bar on a terminal, a line for each tenth elsewhere.</summary>
internal static class LoadProgress
{
    public static async Task<T> ShowAsync<T>(IAnsiConsole console, int total, Func<IProgress<CallResult>, Task<T>> run)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await run(new Lines(console, total));
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => run(new Bar(context.AddTask("asking", maxValue: total))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<CallResult>
    {
        public void Report(CallResult value) => task.Increment(1);
    }

    private sealed class Lines(IAnsiConsole console, int total) : IProgress<CallResult>
    {
        private readonly Lock _gate = new();
        private int _done;

        public void Report(CallResult value)
        {
            lock (_gate)
            {
                _done++;
                int step = Math.Max(1, total / 10);
                if (_done % step == 0 || _done == total)
                {
                    console.WriteLine($"{_done:N0} of {total:N0}");
                }
            }
        }
    }
}
