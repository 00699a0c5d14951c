using System.Collections.Concurrent;
using System.Text.Json;

namespace ChatQuota.Load;

/// <summary>Asks the questions over HTTP, as any client would.</summary>
internal sealed class LoadGenerator(LoadPlan plan, Questions questions, Uri address)
{
    private readonly ConcurrentQueue<CallResult> _results = [];

    /// <summary>Asks them all. A cancellation asks no further ones and waits for those that are under way, so that every result is known.</summary>
    public async Task<IReadOnlyCollection<CallResult>> RunAsync(IProgress<CallResult> progress, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = plan.Concurrency, UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        var options = new ParallelOptions { MaxDegreeOfParallelism = plan.Concurrency, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, plan.Calls, options, async (index, _) =>
            {
                CallResult result = await AskAsync(client, index);
                _results.Enqueue(result);
                progress.Report(result);
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was asked is answered; the report says how much that is.
        }

        return _results;
    }

    private async Task<CallResult> AskAsync(HttpClient client, int index)
    {
        (string userId, string message) = questions[index];
        try
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync("/chat", new { userId, message }, CancellationToken.None);
            using JsonDocument? body = await ReadAsync(response);
            return new CallResult(userId, (int)response.StatusCode, Attempts(body), Fallback(body));
        }
        catch (HttpRequestException)
        {
            return new CallResult(userId, Status: 0, Attempts: 0, Fallback: false);
        }
    }

    private static async Task<JsonDocument?> ReadAsync(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync())
            : null;

    private static int Attempts(JsonDocument? body)
        => body is not null && body.RootElement.TryGetProperty("attempts", out JsonElement value) ? value.GetInt32() : 0;

    private static bool Fallback(JsonDocument? body)
        => body is not null && body.RootElement.TryGetProperty("fallback", out JsonElement value) && value.GetBoolean();
}
