using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Reliable.Integration.Tests.Deploy;

/// <summary>A Prometheus of the test's own that scrapes one address, with the alert rules of the repository.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    public static async Task<PrometheusServer> StartAsync(Uri target)
    {
        string program = Tool.Require("prometheus", "prometheus");
        string directory = Directory.CreateTempSubdirectory("reliable-prometheus-").FullName;
        string configuration = Path.Combine(directory, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            global: { scrape_interval: 250ms, evaluation_interval: 250ms }
            rule_files: ["{{Tool.PathOf("deploy", "prometheus", "reliable.rules.yml")}}"]
            scrape_configs:
              - { job_name: chatquota, scrape_timeout: 250ms, static_configs: [ { targets: ["{{target.Authority}}"] } ] }
            """);
        int port = FreePort();
        var start = new ProcessStartInfo(
            program,
            [
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + Path.Combine(directory, "data"),
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
                "--log.level=error",
            ])
        {
            WorkingDirectory = directory,
        };
        var server = new PrometheusServer(Process.Start(start)!, directory, port);
        try
        {
            await server.UntilAsync(static prometheus => prometheus.IsReadyAsync(), "Prometheus is ready");
            return server;
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The result of a query; a query that Prometheus does not accept is a failed test.</summary>
    public async Task<JsonElement[]> QueryAsync(string query)
    {
        using HttpResponseMessage reply = await _client.GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(query));
        JsonElement body = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(body.GetProperty("status").GetString() == "success", $"{query}: {body}");
        return [.. body.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    /// <summary>The value of a query that has one.</summary>
    public async Task<double?> ValueAsync(string query)
        => await QueryAsync(query) is [var one] ? double.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture) : null;

    /// <summary>The alerts that are not inactive, each with its state.</summary>
    public async Task<string[]> AlertsAsync()
    {
        JsonElement body = await _client.GetFromJsonAsync<JsonElement>("/api/v1/alerts");
        return
        [
            .. body.GetProperty("data").GetProperty("alerts").EnumerateArray()
                .Select(static alert => $"{alert.GetProperty("labels").GetProperty("alertname").GetString()} {alert.GetProperty("state").GetString()}")
                .Order(StringComparer.Ordinal),
        ];
    }

    public async Task UntilAsync(Func<PrometheusServer, Task<bool>> condition, string what)
    {
        long since = Stopwatch.GetTimestamp();
        while (!await condition(this))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"Not within half a minute: {what}.");
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage reply = await _client.GetAsync("/-/ready");
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
