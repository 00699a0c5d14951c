using System.Net.Http.Json;
using System.Text.Json;
using ChatQuota.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Reliable.Integration.Tests.Sample;

/// <summary>The sample's API on a real port, with a SQLite file of its own, in front of a <see cref="ScriptedModel"/>.</summary>
internal sealed class SampleApi : IAsyncDisposable
{
    private readonly string _directory;
    private readonly WebApplication _app;

    private SampleApi(string directory, WebApplication app, ScriptedModel model)
    {
        _directory = directory;
        _app = app;
        Model = model;

        // Who leaves in the middle of a reply hangs up, and does not read on for a while in case the rest is short.
        Client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ScriptedModel Model { get; }

    public HttpClient Client { get; }

    /// <summary>How many questions are under way.</summary>
    public int ActiveTransactions => _app.Services.GetRequiredService<ReliableRuntime>().Statistics.ActiveTransactions;

    public static async Task<SampleApi> StartAsync(int limit = 50, string idleTimeout = "00:00:01")
    {
        ScriptedModel model = await ScriptedModel.StartAsync();
        string directory = Directory.CreateTempSubdirectory("chatquota-test-").FullName;
        WebApplication app = ChatApi.Build(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["OPENAI_BASE_URL"] = model.BaseUrl.ToString(),
            ["OPENAI_API_KEY"] = "sk-secret-of-the-test",
            ["OPENAI_MODEL"] = "scripted",
            ["ConnectionStrings:Usage"] = "",
            ["ChatQuota:Database"] = Path.Combine(directory, "usage.db"),
            ["Reliable:Usage:JournalPath"] = Path.Combine(directory, "journal"),
            ["Reliable:Usage:DefaultLimit"] = $"{limit}",
            ["Reliable:Methods:SupportAssistant.AskAsync:Backoff:0"] = "00:00:00.001",
            ["Reliable:Methods:SupportAssistant.StreamAsync:Backoff:0"] = "00:00:00.001",
            ["Reliable:Streaming:IdleTimeout"] = idleTimeout,
            ["Logging:LogLevel:Default"] = "None",
        });
        await app.StartAsync();
        return new SampleApi(directory, app, model);
    }

    public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> AskAsync(string userId, string message)
        => await ReadAsync(await Client.PostAsJsonAsync("/chat", new { userId, message }));

    public async Task<JsonElement> UsageAsync(string userId) => (await ReadAsync(await Client.GetAsync($"/usage/{userId}"))).Body;

    public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> GetAsync(string path) => await ReadAsync(await Client.GetAsync(path));

    /// <summary>What the API writes for Prometheus.</summary>
    public async Task<(string? ContentType, string Text)> MetricsAsync()
    {
        using HttpResponseMessage response = await Client.GetAsync("/metrics");
        return (response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
    }

    public static async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> ReadAsync(HttpResponseMessage response)
        => ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(), response);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Model.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
