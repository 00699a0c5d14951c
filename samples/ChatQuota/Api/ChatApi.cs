using ChatQuota.Model;
using ChatQuota.Simulation;
using ChatQuota.Telemetry;
using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Api;

/// <summary>The web application: the API, the page, and the model behind them.</summary>
internal static class ChatApi
{
    /// <summary>A message is far shorter; whoever sends more than this is not asking a question.</summary>
    private const long MaxRequestBytes = 8 * 1024 * 1024;

    /// <summary>Builds the application.</summary>
    /// <param name="overrides">Settings that win over appsettings and the environment.</param>
    /// <param name="configure">A last word on the services.</param>
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> overrides, Action<IServiceCollection>? configure = null)
    {
        // The settings and the page are beside the program, wherever it is started from.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = MaxRequestBytes);

        builder.Services.AddReliable(builder.Configuration)
            .UseUsageDatabase(builder.Configuration, builder.Environment.ContentRootPath);
        builder.Services.AddSingleton<SupportAssistant>();
        AddModel(builder);

        builder.Services.AddHealthChecks().AddReliable();
        builder.Services.AddSingleton<MetricStore>();
        builder.Services.AddSingleton(ChatSettings.Read(builder.Configuration));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ChatProblems>();
        builder.Services.AddProblemDetails();
        configure?.Invoke(builder.Services);

        WebApplication app = builder.Build();

        // Listens from now on: before the first call is made.
        app.Services.GetRequiredService<MetricStore>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePage();
        app.MapChat();
        app.MapUsage();
        app.MapTelemetry();
        return app;
    }

    private static void AddModel(WebApplicationBuilder builder)
    {
        if (ModelSettings.Read(builder.Configuration) is { } external)
        {
            builder.Services.AddSingleton<IChatClient>(_ => new OpenAIChatClient(external));
            return;
        }

        var model = new SimulatedModel(builder.Configuration);
        builder.Services.AddSingleton(_ => model);
        builder.Services.AddHostedService(static services => services.GetRequiredService<SimulatedModel>());
        builder.Services.AddSingleton<IChatClient>(_ => new OpenAIChatClient(model.Address));
    }
}
