using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reliable;

/// <summary>The registrations of the contract, word for word.</summary>
public static class Registration
{
    public static void WithPostgres(HostApplicationBuilder builder)
    {
        builder.Services.AddReliable(builder.Configuration)           // section "Reliable" and the environment names of section 8
            .UsePostgres(builder.Configuration.GetConnectionString("Usage")!);
        builder.Services.AddSingleton<SupportAssistant>();
    }

    public static void WithSqlite(HostApplicationBuilder builder)
    {
        builder.Services.AddReliable(builder.Configuration).UseSqlite("usage.db")
            .AddSummarizer<OpenAISummarizer>();                       // generated: Add + the interface's name without its I
    }
}
