using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.AI;
using Reliable.Benchmarks.Wrapper;
using Reliable.Calls;

namespace Reliable.Benchmarks.Streams;

/// <summary>
/// What one more update of an open stream costs over the bare enumeration, beside a hand-written iterator that passes it on. In turns of a few thousand updates,
/// by processor time: on a machine that is not alone, what slows one turn slows the others, and the difference within a round stays.
/// </summary>
internal static class StreamTurns
{
    private const int Updates = 1_000;
    private const double TurnNanoseconds = 5e6;

    private static readonly string[] s_names = ["bare enumeration", "hand-written pass-through iterator", "Reliable, after release"];
    private static readonly CallPolicy s_policy = CallPolicy.Create("Benchmark.Stream", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public static async Task<string> RunAsync(int rounds)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors; {rounds} rounds\n");
        await CompareAsync(report, " the next word", rounds);
        await CompareAsync(report, new ChatResponseUpdate(ChatRole.Assistant, " the next word") { MessageId = "1" }, rounds);
        return report.ToString();
    }

    private static async Task CompareAsync<T>(StringBuilder report, T update, int rounds)
    {
        await CompareAsync(report, "there at once", () => new CannedAnswer<T>(update, long.MaxValue, InnerCall.Completed), rounds);
        await CompareAsync(report, "waited for, on one thread", () => new ArrivingAnswer<T>(update), rounds);
        await CompareAsync(report, "waited for, through the thread pool", () => new CannedAnswer<T>(update, long.MaxValue, InnerCall.Yielding), rounds);
    }

    private static async Task CompareAsync<T>(StringBuilder report, string how, Func<IAsyncEnumerable<T>> create, int rounds)
    {
        await using ReliableRuntime runtime = ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On);
        IAsyncEnumerable<T>[] models = [create(), create(), create()];
        await using IAsyncEnumerator<T> bare = models[0].GetAsyncEnumerator();
        IAsyncEnumerator<T> passed = PassThroughAsync(models[1]).GetAsyncEnumerator();
        IAsyncEnumerator<T> reliable = CallRunner.StreamAsync(runtime, s_policy, models[2], static (model, _, _) => model, userId: "u1").GetAsyncEnumerator();
        (IAsyncEnumerator<T> Stream, ArrivingAnswer<T>? Model)[] streams =
            [(bare, models[0] as ArrivingAnswer<T>), (passed, models[1] as ArrivingAnswer<T>), (reliable, models[2] as ArrivingAnswer<T>)];
        foreach ((IAsyncEnumerator<T> stream, _) in streams)
            await stream.MoveNextAsync();

        int times = await WarmUpAsync(streams);

        var turns = new (double Nanoseconds, double Bytes)[streams.Length, rounds];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < streams.Length; i++)
            {
                int turn = (i + round) % streams.Length;
                turns[turn, round] = await TurnAsync(streams[turn], times);
            }
        }

        report.Append(CultureInfo.InvariantCulture, $"\n### {typeof(T).Name}, {how}\n\n| | ns | over the bare one (quartiles) | bytes |\n|---|---:|---:|---:|\n");
        for (int i = 0; i < streams.Length; i++)
        {
            int stream = i;
            double[] all = [.. Enumerable.Range(0, rounds).Select(round => turns[stream, round].Nanoseconds).Order()];
            double[] over = [.. Enumerable.Range(0, rounds).Select(round => turns[stream, round].Nanoseconds - turns[0, round].Nanoseconds).Order()];
            double bytes = Enumerable.Range(0, rounds).Min(round => turns[stream, round].Bytes - turns[0, round].Bytes);
            report.Append(
                CultureInfo.InvariantCulture,
                $"| {s_names[i]} | {all[rounds / 2]:N0} | **{over[rounds / 2]:N0}** ({over[rounds / 4]:N0} to {over[rounds * 3 / 4]:N0}) | {(i == 0 ? "" : $"{bytes:+0.0;-0.0;0}")} |\n");
        }

        await passed.DisposeAsync();
        await reliable.DisposeAsync();
    }

    private static async Task<(double Nanoseconds, double Bytes)> TurnAsync<T>((IAsyncEnumerator<T> Stream, ArrivingAnswer<T>? Model) of, int times)
    {
        await Task.Yield();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++)
            await (of.Model is null ? ReadAsync(of.Stream) : ReadAsync(of.Stream, of.Model));

        TimeSpan took = Environment.CpuUsage.TotalTime - before;
        double updates = (double)times * Updates;
        return (took.TotalNanoseconds / updates, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / updates);
    }

    private static async ValueTask ReadAsync<T>(IAsyncEnumerator<T> stream)
    {
        int count = 0;
        while (count < Updates && await stream.MoveNextAsync().ConfigureAwait(false))
            count++;
    }

    // Another reads, so that each update finds it waiting.
    private static async ValueTask ReadAsync<T>(IAsyncEnumerator<T> stream, ArrivingAnswer<T> model)
    {
        ValueTask reading = ReadAsync(stream);
        while (!reading.IsCompleted)
            model.Arrive();

        await reading;
    }

    // Until the code is optimized with what was learned of it; then as many thousands of updates as fill a turn of the slowest.
    private static async Task<int> WarmUpAsync<T>((IAsyncEnumerator<T> Stream, ArrivingAnswer<T>? Model)[] streams)
    {
        double nanoseconds = 0;
        for (int i = 0; i < 400; i++)
        {
            foreach ((IAsyncEnumerator<T>, ArrivingAnswer<T>?) stream in streams)
                (nanoseconds, _) = await TurnAsync(stream, times: 1);

            if (i % 40 == 39)
                await Task.Delay(110);
        }

        return (int)Math.Clamp(TurnNanoseconds / nanoseconds / Updates, 1, 1_000);
    }

    private static async IAsyncEnumerable<T> PassThroughAsync<T>(IAsyncEnumerable<T> inner)
    {
        await foreach (T update in inner.ConfigureAwait(false))
            yield return update;
    }
}
