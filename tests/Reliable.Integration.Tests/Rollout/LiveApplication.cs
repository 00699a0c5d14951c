using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reliable.Calls;
using Reliable.Infrastructure;

namespace Reliable.Rollout;

/// <summary>
/// A web application on a real port whose appsettings.json is a real file that tests edit while it serves. Its model answers every second attempt of a call with nothing,
/// so that each answer says under which mode it was given.
/// </summary>
internal sealed class LiveApplication : IAsyncDisposable
{
    private const string Answer = "An answer that is good enough.";

    private static readonly CallPolicy s_policy = CallPolicy.Create(
        "LiveApplication.AskAsync", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    private readonly string _directory;
    private readonly JsonObject _settings;
    private readonly WebApplication _app;
    private TaskCompletionSource? _hold;
    private int _held;

    private LiveApplication(string directory, JsonObject settings, CapturingLoggerFactory log)
    {
        _directory = directory;
        _settings = settings;
        Log = log;
        Save();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = directory });
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddReliable(builder.Configuration).UsePostgres(builder.Configuration["ConnectionStrings:Usage"]!);
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapGet("/ask/{user}", AskAsync);
    }

    public CapturingLoggerFactory Log { get; }

    public HttpClient Client { get; } = new();

    public ReliableRuntime Runtime => _app.Services.GetRequiredService<ReliableRuntime>();

    public static async Task<LiveApplication> StartAsync(string connectionString, string mode)
    {
        string directory = Directory.CreateTempSubdirectory("reliable-live-").FullName;
        var settings = new JsonObject
        {
            ["ConnectionStrings"] = new JsonObject { ["Usage"] = connectionString },
            ["Reliable"] = new JsonObject
            {
                ["Rollout"] = new JsonObject { ["Mode"] = mode },
                ["Retry"] = new JsonObject { ["Backoff"] = "00:00:00.001" },
                ["Usage"] = new JsonObject { ["JournalPath"] = Path.Combine(directory, "journal") },
            },
        };
        var application = new LiveApplication(directory, settings, new CapturingLoggerFactory(LogLevel.Information));
        await application._app.StartAsync();
        application.Client.BaseAddress = new Uri(application._app.Urls.First());
        return application;
    }

    /// <summary>How many first attempts wait for <see cref="ReleaseFirstAttempts"/>.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Lets first attempts wait from now on.</summary>
    public void HoldFirstAttempts() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseFirstAttempts() => Interlocked.Exchange(ref _hold, null)?.SetResult();

    /// <summary>Changes one setting in the file, as an operator with an editor does.</summary>
    public void Edit(string section, string key, JsonNode? value)
    {
        JsonObject parent = section.Split(':').Aggregate(_settings, static (node, name) => node[name]!.AsObject());
        parent[key] = value;
        Save();
    }

    /// <summary>Writes anything at all into the file.</summary>
    public void Overwrite(string text) => File.WriteAllText(Path.Combine(_directory, "appsettings.json"), text);

    /// <summary>Writes the settings as they were last edited, as deployments do: all at once.</summary>
    public void Save()
    {
        string written = Path.Combine(_directory, "written.json");
        File.WriteAllText(written, _settings.ToJsonString());
        File.Move(written, Path.Combine(_directory, "appsettings.json"), overwrite: true);
    }

    public IEnumerable<LogLine> Lines(int eventId) => Log.Lines.Where(line => line.EventId == eventId);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    // On: two attempts and a good answer. Off and Observe: one attempt and an empty one.
    private async Task<IResult> AskAsync(string user, HttpContext http)
    {
        var ids = new List<string>(2);
        string answer = await CallRunner.RunAsync(
            Runtime,
            s_policy,
            (self: this, ids),
            static (state, attempt, _) => state.self.AskModelAsync(state.ids, attempt),
            userId: user,
            cancellationToken: http.RequestAborted);
        return Results.Text(string.Join('|', ids.Distinct().Single(), ids.Count, answer.Length));
    }

    private async Task<string> AskModelAsync(List<string> seen, AttemptContext attempt)
    {
        seen.Add(attempt.TransactionId!);
        await Task.Yield();
        if (attempt.Number == 1 && _hold is { } hold)
        {
            Interlocked.Increment(ref _held);
            await hold.Task;
        }

        return attempt.Number == 1 ? "" : Answer;
    }
}
