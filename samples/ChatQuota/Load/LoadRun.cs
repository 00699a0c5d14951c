using System.Diagnostics;
using ChatQuota.Api;
using ChatQuota.Simulation;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>The main job: starts the API and the misbehaving model, asks many questions over HTTP, and compares the counters with the answers.</summary>
internal static class LoadRun
{
    private const int Interrupted = 130;

    /// <summary>Runs the main job.</summary>
    /// <returns>0 when the counters in the database equal the good answers, 1 when they do not or the API could not start, 130 after Ctrl+C.</returns>
    public static async Task<int> RunAsync(LoadPlan plan, IAnsiConsole console, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("chatquota-").FullName;
        try
        {
            using var probe = new OverheadProbe();
            await using WebApplication app = ChatApi.Build(
                LoadSettings.For(plan, directory, TimeProvider.System.GetUtcNow()),
                static services => services.AddSingleton<IHostLifetime, DetachedLifetime>());
            app.Use(probe.FollowAsync);

            // The library would go on without its database for a while; a run that is to be compared with it cannot.
            await CounterAudit.ReadAsync(app.Configuration, [], cancellationToken);
            await app.StartAsync(cancellationToken);
            return await AskAsync(app, plan, probe, console, cancellationToken);
        }
        catch (Exception exception) when (StartFailure.Explains(exception))
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
        finally
        {
            Delete(directory);
        }
    }

    private static async Task<int> AskAsync(WebApplication app, LoadPlan plan, OverheadProbe probe, IAnsiConsole console, CancellationToken cancellationToken)
    {
        SimulatedModel? model = app.Services.GetService<SimulatedModel>();
        Introduction.Write(console, plan, app.Configuration, model is not null);
        var address = new Uri(app.Urls.First());
        await WarmUp.RunAsync(plan, address, cancellationToken);
        probe.Reset();
        model?.Tally.Reset();

        var questions = new Questions(plan);
        var generator = new LoadGenerator(plan, questions, address);
        var clock = Stopwatch.StartNew();
        IReadOnlyCollection<CallResult> results = await LoadProgress.ShowAsync(console, plan.Calls, progress => generator.RunAsync(progress, cancellationToken));
        TimeSpan duration = clock.Elapsed;

        // A normal end writes what is still pending; then nothing but the database knows the counters.
        await app.StopAsync(CancellationToken.None);
        IReadOnlyList<long> counters = await CounterAudit.ReadAsync(app.Configuration, questions.Users, CancellationToken.None);

        var summary = new LoadSummary(plan, results, counters, duration);
        Report.Write(console, summary, model?.Tally);
        OverheadReport.Write(console, probe);
        Verdict.Write(console, summary, cancellationToken.IsCancellationRequested);
        return !summary.IsExact ? 1 : cancellationToken.IsCancellationRequested ? Interrupted : 0;
    }

    private static void Delete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still open; the system clears its temporary directory itself.
        }
    }
}
