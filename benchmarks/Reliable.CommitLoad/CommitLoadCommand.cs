using System.CommandLine;
using Reliable.CommitLoad.Load;

namespace Reliable.CommitLoad;

/// <summary>The command line.</summary>
internal static class CommitLoadCommand
{
    public static RootCommand Create()
    {
        Option<int[]> callers = Numbers("--callers", "How many callers commit at once.", [1, 16, 64, 256]);
        Option<int[]> users = Numbers("--users", "For how many users; 1 is one hot row.", [1, 1000]);
        Option<int> rounds = Number("--rounds", "How often the contenders take turns.", 5);
        Option<int> milliseconds = Number("--milliseconds", "How long each turn takes.", 2000);
        var only = new Option<string?>("--only") { Description = "Contenders whose name has this text, besides the first.", HelpName = "text" };
        var output = new Option<FileInfo?>("--output") { Description = "Where the report is written, besides the console.", HelpName = "file" };
        var root = new RootCommand(
            "Compares ways to count requests durably, on a PostgreSQL server that it starts itself (fsync on) and in SQLite files. Every acknowledged commit is "
            + "looked for afterwards.")
        {
            callers, users, rounds, milliseconds, only, output,
        };
        root.SetAction(result => CommitLoadRun.RunAsync(
            [.. result.GetValue(users)!.SelectMany(u => result.GetValue(callers)!.Select(c => new LoadShape(c, u)))],
            result.GetValue(rounds),
            TimeSpan.FromMilliseconds(result.GetValue(milliseconds)),
            result.GetValue(only),
            result.GetValue(output)));
        return root;
    }

    private static Option<int> Number(string name, string description, int value)
        => new(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };

    private static Option<int[]> Numbers(string name, string description, int[] value) => new(name)
    {
        Description = description,
        HelpName = "numbers",
        DefaultValueFactory = _ => value,
        AllowMultipleArgumentsPerToken = true,
    };
}
