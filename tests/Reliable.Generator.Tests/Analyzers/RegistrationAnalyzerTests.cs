using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analyzers;

public sealed class RegistrationAnalyzerTests
{
    private const string Http = """
        namespace Microsoft.Extensions.DependencyInjection
        {
            public static class HttpExtensions
            {
                public static object AddHttpClient<TClient>(this IServiceCollection services) where TClient : class => null!;
                public static object AddHttpClient<TClient, TImplementation>(this IServiceCollection services) where TClient : class where TImplementation : class, TClient => null!;
            }
        }
        """;

    [Theory]
    [InlineData("services.AddSingleton<IChat, Chat>()", "AddSingleton", "AddChat<Chat>()")]
    [InlineData("services.AddScoped<IChat, Chat>(provider => new Chat())", "AddScoped", "AddChat<Chat>()")]
    [InlineData("services.AddTransient<IChat>(static _ => new Chat())", "AddTransient", "AddChat<Chat>()")]
    [InlineData("services.AddSingleton<IChat>(new Chat())", "AddSingleton", "AddChat<Chat>()")]
    [InlineData("services.AddSingleton(typeof(IChat), typeof(Chat))", "AddSingleton", "AddChat<Chat>()")]
    [InlineData("services.TryAddScoped<IChat, Chat>()", "TryAddScoped", "AddChat<Chat>()")]
    [InlineData("services.AddKeyedSingleton<IChat, Chat>(\"key\")", "AddKeyedSingleton", "AddKeyedChat<Chat>()")]
    [InlineData("services.AddHttpClient<IChat, Chat>()", "AddHttpClient", "AddChat<Chat>()")]
    public void Analyze_WhenTheImplementationIsRegisteredAsTheInterface_ReportsTheCall(string registration, string underlined, string advice)
    {
        GeneratorRun run = Run(registration).AssertAnalyzed(("REL033", underlined));

        Assert.Equal(
            $"'Chat' is registered as 'IChat' without retry and a usage transaction. Register it with '{advice}' on what 'AddReliable' returns.",
            run.AnalyzerDiagnostics[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("services.AddSingleton<Chat>()")]
    [InlineData("services.AddSingleton<IPlain, Chat>()")]
    [InlineData("services.AddSingleton<IChat, ReliableChat>()")]
    [InlineData("services.AddSingleton<IChat>(static provider => new ReliableChat(new Chat(), provider.GetRequiredService<ReliableRuntime>()))")]
    [InlineData("services.AddSingleton<IChat>(static provider => provider.GetRequiredService<Chat>())")]
    [InlineData("services.AddHttpClient<Chat>()")]
    [InlineData("builder.AddChat<Chat>().AddKeyedChat<Chat>(\"key\")")]
    public void Analyze_WhenTheDecoratorIsThereOrNoneIsNeeded_ReportsNothing(string registration) => Run(registration).AssertAnalyzed();

    private static GeneratorRun Run(string registration) => GeneratorHarness.Run(new ConsumerOptions(), Http, $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.DependencyInjection.Extensions;
        public interface IPlain;
        public interface IChat { [Retry, UsageTransaction] Task<string> AskAsync(string userId, CancellationToken ct); }
        public sealed class Chat : IChat, IPlain { public Task<string> AskAsync(string userId, CancellationToken ct) => Task.FromResult(userId); }
        public static class Startup { public static void Add(IServiceCollection services, ReliableBuilder builder) { {{registration}}; } }
        """);
}
