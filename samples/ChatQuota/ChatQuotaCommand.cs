using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ChatQuota.Api;
using ChatQuota.Load;

namespace ChatQuota;

/// <summary>The command line: the main job without arguments, and <c>serve</c>.</summary>
internal static class ChatQuotaCommand
{
    /// <summary>Ctrl+C gives what is under way this long to end by itself.</summary>
    public static InvocationConfiguration Invocation { get; } = new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };

    private static RootCommand Create()
    {
        Option<int> calls = Number("--calls", "How many questions are asked.", LoadPlan.DefaultCalls, 1, 1_000_000);
        Option<int> concurrency = Number("--concurrency", "How many are under way at once.", LoadPlan.DefaultConcurrency, 1, 1_024);
        Option<int> users = Number("--users", "How many users ask them.", LoadPlan.DefaultUsers, 1, 100_000);
        Option<int> seed = Number("--seed", "The seed of the model's misbehaviour.", LoadPlan.DefaultSeed, int.MinValue, int.MaxValue);
        var limit = new Option<int?>("--limit")
        {
            Description = "The daily limit of each user. [default: high enough for all questions]",
            HelpName = "number",
        };
        limit.Validators.Add(static result => Check(result, 0, int.MaxValue));

        var root = new RootCommand("Asks a misbehaving model many questions, and shows that users were charged for good answers only.")
        {
            calls, concurrency, users, seed, limit, Serve(),
        };
        root.SetAction((result, cancellationToken) =>
        {
            var plan = new LoadPlan(
                result.GetValue(calls), result.GetValue(concurrency), result.GetValue(users), result.GetValue(seed), result.GetValue(limit));
            return LoadRun.RunAsync(plan, Terminal.Create(Console.Out, !Console.IsOutputRedirected), cancellationToken);
        });
        return root;
    }

    /// <summary>Reads the arguments; a mistake is answered with what is wrong, not with the whole help.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args)
    {
        ParseResult result = Create().Parse(args);
        if (result.Action is ParseErrorAction error)
        {
            error.ShowHelp = false;
            error.ShowTypoCorrections = false;
        }

        return result;
    }

    private static Command Serve()
    {
        var urls = new Option<string?>("--urls") { Description = "The addresses to listen on, separated by semicolons. [default: http://localhost:5000]" };
        var serve = new Command("serve", "Runs the API and the page until stopped.") { urls };
        serve.SetAction((result, cancellationToken) => Server.RunAsync(result.GetValue(urls), cancellationToken));
        return serve;
    }

    private static Option<int> Number(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };
        option.Validators.Add(result => Check(result, min, max));
        return option;
    }

    private static void Check(OptionResult result, int min, int max)
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out int value) || value < min || value > max))
        {
            result.AddError($"'{result.Option.Name}' is '{token.Value}'. Allowed: a whole number from {min} to {max}.");
        }
    }
}
