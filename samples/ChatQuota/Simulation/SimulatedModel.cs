using System.Net;
using ChatQuota.Model;
using Microsoft.Extensions.Hosting;

namespace ChatQuota.Simulation;

/// <summary>
/// A language model's API that misbehaves on purpose: a web server of its own on a free loopback port, which the application reaches over HTTP like any other.
/// </summary>
internal sealed class SimulatedModel(IConfiguration configuration) : IHostedService, IAsyncDisposable
{
    private readonly SimulationSettings _settings = SimulationSettings.Read(configuration);
    private readonly TimeSpan _clientTimeout = ModelSettings.ReadTimeout(configuration);
    private Dice? _dice;
    private WebApplication? _server;

    public Tally Tally { get; } = new();

    /// <summary>How to reach it, once it is started.</summary>
    public ModelSettings Address => _server is { } server
        ? new ModelSettings(new Uri(new Uri(server.Urls.First()), "/v1"), "simulated", "simulated-model", _clientTimeout)
        : throw new InvalidOperationException("The simulated model is not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _dice = new Dice(_settings.Seed);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        WebApplication server = builder.Build();
        server.MapPost("/v1/chat/completions", CompleteAsync);
        await server.StartAsync(cancellationToken);
        _server = server;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task CompleteAsync(HttpContext context)
    {
        CompletionRequest? request = await CompletionRequest.ReadAsync(context.Request);
        if (request is null)
        {
            await Performance.ErrorAsync(context, StatusCodes.Status400BadRequest, "A chat completion request with a user message is expected.");
            return;
        }

        Dice.Roll roll = _dice!.Next(request.Question);
        Behaviour behaviour = Choose(roll.Fraction(purpose: 1), request.Stream);
        try
        {
            await Task.Delay(Latency(behaviour, roll), context.RequestAborted);
            await Performance.GiveAsync(context, request, behaviour, roll, _settings);
            Tally.Sent(behaviour);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Tally.Abandon();
        }
    }

    private Behaviour Choose(double chance, bool isStream)
    {
        foreach (Behaviour behaviour in Enum.GetValues<Behaviour>())
        {
            if (!isStream && behaviour is (Behaviour.CutStream or Behaviour.StalledStream))
            {
                continue;
            }

            chance -= _settings.Rates.GetValueOrDefault(behaviour);
            if (chance < 0)
            {
                return behaviour;
            }
        }

        return Behaviour.GoodAnswer;
    }

    private TimeSpan Latency(Behaviour behaviour, Dice.Roll roll) => behaviour == Behaviour.SlowAnswer
        ? _settings.SlowDelay
        : _settings.MinLatency + ((_settings.MaxLatency - _settings.MinLatency) * roll.Fraction(purpose: 2));
}
