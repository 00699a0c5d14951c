using System.CommandLine;
using Reliable.Benchmarks.Ratios;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks;

/// <summary>Measurements that are commands of their own; everything else on the command line is BenchmarkDotNet's.</summary>
internal static class BenchmarkCommands
{
    public static bool Knows(string[] args) => args.Length > 0 && Create().Subcommands.Any(command => command.Name == args[0]);

    public static RootCommand Create() => new("Measures what the library costs, beside what one would use instead.") { Ratios() };

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

    private static Option<int> Number(string name, string description, int value)
        => new(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };
}
