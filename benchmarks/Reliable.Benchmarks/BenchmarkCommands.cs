using System.CommandLine;
using Reliable.Benchmarks.Ratios;
using Reliable.Benchmarks.Streams;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks;

/// <summary>Measurements that are commands of their own; everything else on the command line is BenchmarkDotNet's.</summary>
internal static class BenchmarkCommands
{
    public static bool Knows(string[] args) => args.Length > 0 && Create().Subcommands.Any(command => command.Name == args[0]);

    public static RootCommand Create() => new("Measures what the library costs, beside what one would use instead.") { Ratios(), Streams(), FirstUpdate() };

    private static Command Ratios()
    {
        Option<int> rounds = Number("--rounds", "How often the alternatives take turns.", 60);
        var only = new Option<InnerCall?>("--inner") { Description = "One way in which the model's answer comes, instead of all.", HelpName = "way" };
        var isShort = new Option<bool>("--short") { Description = "The hand-written and the generated wrapper only." };
        var command = new Command("ratios", "The wrapper and its alternatives, in turns.") { rounds, only, isShort };
        command.SetAction(async result =>
        {
            InnerCall[] inners = result.GetValue(only) is { } inner ? [inner] : Enum.GetValues<InnerCall>();
            Console.WriteLine(await RatioRun.RunAsync(result.GetValue(rounds), inners, result.GetValue(isShort)));
        });
        return command;
    }

    private static Command Streams()
    {
        Option<int> rounds = Number("--rounds", "How often the alternatives take turns.", 60);
        var command = new Command("streams", "What one more update of an open stream costs, in turns.") { rounds };
        command.SetAction(async result => Console.WriteLine(await StreamTurns.RunAsync(result.GetValue(rounds))));
        return command;
    }

    private static Command FirstUpdate()
    {
        var command = new Command("first-update", "How long after the proof a stream's reader sees the first update.");
        command.SetAction(_ => FirstUpdateReport.WriteAsync(Console.Out));
        return command;
    }

    private static Option<int> Number(string name, string description, int value)
        => new(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };
}
