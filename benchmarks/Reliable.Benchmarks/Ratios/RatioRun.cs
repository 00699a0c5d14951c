using System.Globalization;
using System.Text;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Ratios;

/// <summary>
/// The alternatives to the wrapper in turns of a few milliseconds, round after round in a rotating order: whatever slows the machine for a while slows all of
/// them, and the ratio within a round stays. Far less noise than one alternative after the other, on a machine that is not alone.
/// </summary>
internal static class RatioRun
{
    private const double TurnNanoseconds = 3e6;

    public static async Task<string> RunAsync(int rounds, InnerCall[] inners, bool isShort)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"{Machine.Description}; {rounds} rounds\n");
        foreach (bool returnsValueTask in new[] { false, true })
        {
            foreach (InnerCall inner in inners)
            {
                using var contenders = new WrapperContenders(inner);
                string table = await CompareAsync(Loops(contenders, returnsValueTask, isShort), rounds);
                table = string.Create(CultureInfo.InvariantCulture, $"\n### {(returnsValueTask ? "ValueTask" : "Task")}, {inner}\n\n{table}");
                report.Append(table);
                Console.Write(table);
            }
        }

        return report.ToString();
    }

    private static WrapperLoop[] Loops(WrapperContenders contenders, bool returnsValueTask, bool isShort)
    {
        // The steps alone can neither wait nor fail.
        WrapperLoop[] bare = contenders.Inner == InnerCall.Completed ? [WrapperLoop.Of<BareCall>(contenders, returnsValueTask)] : [];
        WrapperLoop[] own = [WrapperLoop.Of<HandWrittenCall>(contenders, returnsValueTask), WrapperLoop.Of<GeneratedCall>(contenders, returnsValueTask), .. bare];
        return isShort
            ? own
            :
            [
                .. own,
                WrapperLoop.Of<DecoratedCall>(contenders, returnsValueTask),
                WrapperLoop.Of<PollyByLongCall>(contenders, returnsValueTask),
                WrapperLoop.Of<PollyCall>(contenders, returnsValueTask),
                WrapperLoop.Of<CastleCall>(contenders, returnsValueTask),
                WrapperLoop.Of<DispatchProxyCall>(contenders, returnsValueTask),
            ];
    }

    private static async Task<string> CompareAsync(WrapperLoop[] loops, int rounds)
    {
        var calls = new int[loops.Length];
        for (int i = 0; i < loops.Length; i++)
            calls[i] = await WarmUpAsync(loops[i]);

        var turns = new (double Nanoseconds, double Bytes)[loops.Length, rounds];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < loops.Length; i++)
            {
                int turn = (i + round) % loops.Length;
                turns[turn, round] = await loops[turn].RunAsync(calls[turn]);
            }
        }

        var table = new StringBuilder("| | ns | ratio (quartiles) | bytes |\n|---|---:|---:|---:|\n");
        for (int i = 0; i < loops.Length; i++)
        {
            int loop = i;
            double[] all = [.. Enumerable.Range(0, rounds).Select(round => turns[loop, round].Nanoseconds).Order()];
            double[] ratios = [.. Enumerable.Range(0, rounds).Select(round => turns[loop, round].Nanoseconds / turns[0, round].Nanoseconds).Order()];
            double bytes = Enumerable.Range(0, rounds).Min(round => turns[loop, round].Bytes);
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {loops[i].Name} | {all[rounds / 2]:N0} | **{ratios[rounds / 2]:0.00}** ({ratios[rounds / 4]:0.00}-{ratios[rounds * 3 / 4]:0.00}) | {bytes:N0} |\n");
        }

        return table.ToString();
    }

    // Until the code is optimized with what was learned of it; then as many calls as fill a turn.
    private static async Task<int> WarmUpAsync(WrapperLoop loop)
    {
        int calls = 100;
        double nanoseconds = 0;
        for (int i = 0; i < 120; i++)
        {
            (nanoseconds, _) = await loop.RunAsync(calls);
            calls = (int)Math.Clamp(TurnNanoseconds / nanoseconds, 10, 1e6);
            if (i % 12 == 11)
                await Task.Delay(110);
        }

        return calls;
    }
}
