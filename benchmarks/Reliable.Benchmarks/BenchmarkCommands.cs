using System.CommandLine;
using Reliable.Benchmarks.Budget;
using Reliable.Benchmarks.Growth;
using Reliable.Benchmarks.Ratios;
using Reliable.Benchmarks.Store;
using Reliable.Benchmarks.Streams;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks;

/// <summary>Measurements that are commands of their own; everything else on the command line is BenchmarkDotNet's.</summary>
internal static class BenchmarkCommands
{
    public static bool Knows(string[] args) => args.Length > 0 && Create().Subcommands.Any(command => command.Name == args[0]);

    public static RootCommand Create() => new("Measures what the library costs, beside what one would use instead.")
    {
        Ratios(), Streams(), FirstUpdate(), Budget(), Growth(), Store(),
    };

    private static Command Ratios()
    {
        Option<int> rounds = Number("--rounds", "How often the alternatives take turns.", 60);
        var only = new Option<InnerCall?>("--inner") { Description = "One way in which the model's answer comes, instead of all.", HelpName = "way" };
        var isShort = new Option<bool>("--short") { Description = "The hand-written and the generated wrapper only." };
        Option<FileInfo?> output = Output();
        var command = new Command("ratios", "The wrapper and its alternatives, in turns.") { rounds, only, isShort, output };
        command.SetAction(async result =>
        {
            InnerCall[] inners = result.GetValue(only) is { } inner ? [inner] : Enum.GetValues<InnerCall>();
            string report = await RatioRun.RunAsync(result.GetValue(rounds), inners, result.GetValue(isShort));
            if (result.GetValue(output) is { } file)
                await File.WriteAllTextAsync(file.FullName, "# Wrapper ratios\n\n" + report);
        });
        return command;
    }

    private static Command Budget()
    {
        Option<int> seconds = Number("--seconds", "How long each number of callers calls.", 5);
        var callers = new Option<int[]>("--callers")
        {
            Description = "How many call at once; the budget is judged at 64.",
            HelpName = "numbers",
            DefaultValueFactory = static _ => [1, 64, 256],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<FileInfo?> output = Output();
        var command = new Command("budget", "Begin, validation and commit against a PostgreSQL server that it starts itself, beside 5 + 2 + 20 ms.") { callers, seconds, output };
        command.SetAction(async result =>
        {
            using var run = new BudgetRun(TimeSpan.FromSeconds(result.GetValue(seconds)));
            return await run.RunAsync(result.GetValue(callers)!, result.GetValue(output));
        });
        return command;
    }

    private static Command Growth()
    {
        Option<int> millions = Number("--millions", "How many million calls one process makes.", 10);
        Option<FileInfo?> output = Output();
        var command = new Command("growth", "The cost of a call as calls, users and open transactions become many.") { millions, output };
        command.SetAction(result => new GrowthRun().RunAsync(result.GetValue(millions), result.GetValue(output)));
        return command;
    }

    private static Command Store()
    {
        Option<FileInfo?> output = Output();
        var command = new Command("store", "A million open transactions: bytes of each, and the steps of expiry.") { output };
        command.SetAction(result => new StoreRun().RunAsync(result.GetValue(output)));
        return command;
    }

    private static Option<FileInfo?> Output() => new("--output") { Description = "Where the report is written, besides the console.", HelpName = "file" };

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
