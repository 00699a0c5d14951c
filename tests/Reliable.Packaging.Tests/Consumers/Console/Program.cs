using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reliable;

const string Good = "Turn it off and on again.";

// Without a host.
{
    await using var reliable = ReliableRuntime.Create(o => { o.Rollout.Mode = RolloutMode.On; o.Retry.MaxRetries = 2; });

    var good = new ScriptedModel(Good);
    Console.WriteLine("good: " + (await new SupportAssistant(good, reliable).AskAsync("u1", "It does not start.")).Text);
    Console.WriteLine($"good: {good.Asked.Count} attempts, used {await UsedAsync(reliable)}");

    var moody = new ScriptedModel("", Good);
    Console.WriteLine("moody: " + (await new SupportAssistant(moody, reliable).AskAsync("u1", "It does not start.")).Text);
    Console.WriteLine($"moody: {moody.Asked.Count} attempts, used {await UsedAsync(reliable)}");

    await using (UsageTransaction txn = await reliable.Usage.BeginAsync("u1", CancellationToken.None))
    {
        Console.WriteLine($"manual: {txn.Id[..4]} open for {txn.UserId}");
        await txn.CommitAsync(CancellationToken.None);
    }

    Console.WriteLine($"manual: used {await UsedAsync(reliable)} after a commit");
    await using (UsageTransaction txn = await reliable.Usage.BeginAsync("u1", CancellationToken.None))
    {
    }

    UsageSnapshot usage = await reliable.Usage.GetUsageAsync("u1", CancellationToken.None);
    Console.WriteLine($"manual: used {usage.Used}, reserved {usage.Reserved} after an abandoned one");
}

// Every attempt fails: the fallback is asked once, with guidance, and nothing is charged.
{
    await using var reliable = ReliableRuntime.Create(o =>
    {
        o.Rollout.Mode = RolloutMode.On;
        o.Methods["SupportAssistant.AskAsync"] = new MethodOptions { MaxRetries = 2, Backoff = [TimeSpan.FromMilliseconds(1)] };
    });
    var mute = new ScriptedModel("   ");
    try
    {
        await new SupportAssistant(mute, reliable).AskAsync("u1", "It does not start.");
    }
    catch (RetriesExhaustedException e)
    {
        Console.WriteLine($"mute: {e.Attempts.Count} attempts, last asked with {mute.Asked[^1][..11]}, used {await UsedAsync(reliable)}");
    }
}

// With a host, SQLite and the generated decorator.
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder();
    builder.Configuration["Reliable:Rollout:Mode"] = "On";
    Registration.WithSqlite(builder);
    using IHost host = builder.Build();
    await host.StartAsync();
    var summarizer = host.Services.GetRequiredService<ISummarizer>();
    Console.WriteLine($"summarizer: {summarizer.Name}, {await summarizer.SummarizeAsync("u1", "a long story")}");
    Console.WriteLine($"summarizer: used {await UsedAsync(host.Services.GetRequiredService<ReliableRuntime>())}");
    await host.StopAsync();
}

// With PostgreSQL: only as far as it goes without a server.
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder();
    builder.Configuration["ConnectionStrings:Usage"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=none";
    builder.Services.AddSingleton<IChatClient>(new ScriptedModel(Good));
    Registration.WithPostgres(builder);
    await using ServiceProvider services = builder.Services.BuildServiceProvider();
    Console.WriteLine("postgres: " + services.GetRequiredService<SupportAssistant>().GetType().Name);
}

static async Task<long> UsedAsync(ReliableRuntime reliable) => (await reliable.Usage.GetUsageAsync("u1")).Used;
