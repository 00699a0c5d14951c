using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Reliable.Calls;

namespace Reliable.Benchmarks.Streams;

/// <summary>
/// How long after the arrival of the update that completes the proof its reader sees the first one. The third of five updates, which come a timer's tick apart,
/// is the proof. Beside it the same stream bare, where what is measured is the way of one update from the model to the reader, which the machine takes anyway.
/// </summary>
internal static class FirstUpdateReport
{
    private const int Proof = 3;
    private static readonly string[] s_words = ["The", " one", " answer", " to", " it."];
    private static readonly CallPolicy s_policy = CallPolicy.Create("Benchmark.First", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public static async Task WriteAsync(TextWriter report)
    {
        await using ReliableRuntime runtime = ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On);
        await report.WriteLineAsync("# Time to the first visible update\n");
        await report.WriteLineAsync($"{Environment.ProcessorCount} processors, .NET {Environment.Version}. From the moment in which the model has the update that completes the proof, to the moment in which the reader has the first.\n");
        await report.WriteLineAsync("| streams of | at once | streams | | p50 | p90 | p99 | max |");
        await report.WriteLineAsync("|---|---:|---:|---|---:|---:|---:|---:|");
        foreach ((int atOnce, int streams) in new[] { (1, 500), (64, 10_000) })
        {
            await MeasureAsync(report, runtime, "`string`", atOnce, streams, static word => word);
            await MeasureAsync(report, runtime, "`ChatResponseUpdate`", atOnce, streams, static word => new ChatResponseUpdate(ChatRole.Assistant, word) { MessageId = "1" });
        }
    }

    private static async Task MeasureAsync<T>(TextWriter report, ReliableRuntime runtime, string name, int atOnce, int streams, Func<string, T> create)
    {
        // The first round is for the compiler.
        await ReadAsync(atOnce, streams / 4, arrival => Stream(arrival, runtime, create));
        await ReadAsync(atOnce, streams / 4, arrival => ModelAsync(arrival, create, first: 1));
        await WriteAsync(report, name, atOnce, "bare", await ReadAsync(atOnce, streams, arrival => ModelAsync(arrival, create, first: 1)));
        await WriteAsync(report, name, atOnce, "Reliable", await ReadAsync(atOnce, streams, arrival => Stream(arrival, runtime, create)));
    }

    private static IAsyncEnumerable<T> Stream<T>(Arrival arrival, ReliableRuntime runtime, Func<string, T> create)
        => CallRunner.StreamAsync(runtime, s_policy, (arrival, create), static (state, _, token) => ModelAsync(state.arrival, state.create, Proof, token), userId: "u1");

    private static async Task<double[]> ReadAsync<T>(int atOnce, int streams, Func<Arrival, IAsyncEnumerable<T>> open)
    {
        double[] waits = new double[streams];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            for (int n = Interlocked.Increment(ref next); n < streams; n = Interlocked.Increment(ref next))
            {
                var arrival = new Arrival();
                await foreach (T update in open(arrival))
                {
                    if (waits[n] == 0)
                        waits[n] = Stopwatch.GetElapsedTime(arrival.At).TotalMicroseconds;
                }
            }
        })));
        Array.Sort(waits);
        return waits;
    }

    private static async IAsyncEnumerable<T> ModelAsync<T>(
        Arrival arrival, Func<string, T> create, int first, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 1; i <= s_words.Length; i++)
        {
            await Task.Delay(1, cancellationToken);
            T update = create(s_words[i - 1]);
            if (i == first)
                arrival.At = Stopwatch.GetTimestamp();

            yield return update;
        }
    }

    private static Task WriteAsync(TextWriter report, string name, int atOnce, string what, double[] sorted)
    {
        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
        return report.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {atOnce} | {sorted.Length} | {what} | {At(0.5):0} µs | {At(0.9):0} µs | {At(0.99):0} µs | {At(1):0} µs |"));
    }

    private sealed class Arrival
    {
        public long At { get; set; }
    }
}
