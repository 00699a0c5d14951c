using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analyzers;

public sealed class RepeatedRetryAnalyzerTests
{
    /// <summary>What the extension packages for resilient HTTP clients look like.</summary>
    private const string Http = """
        namespace Microsoft.Extensions.DependencyInjection
        {
            public interface IHttpClientBuilder;
            public static class HttpExtensions
            {
                public static IHttpClientBuilder AddHttpClient<TClient>(this IServiceCollection services) where TClient : class => null!;
                public static IHttpClientBuilder AddHttpClient<TClient, TImplementation>(this IServiceCollection services) where TClient : class where TImplementation : class, TClient => null!;
                public static IHttpClientBuilder ConfigureHttpClient(this IHttpClientBuilder builder, Action<object> configure) => builder;
                public static IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder) => builder;
            }
        }
        """;

    [Theory]
    [InlineData("TellAsync(q, ct)", "TellAsync")]
    [InlineData("thing.SayAsync(q, ct)", "SayAsync")]
    [InlineData("pipeline.ExecuteAsync(async token => await Task.FromResult(q), ct).AsTask()", "ExecuteAsync")]
    public void Analyze_WhenAnAttemptCallsWhatRetries_ReportsTheCall(string call, string underlined)
        => Run($"[Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q, CancellationToken ct) => {call};")
            .AssertAnalyzed(("REL030", underlined));

    [Theory]
    [InlineData("[ValidateResponse] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q, CancellationToken ct) => TellAsync(q, ct);")]
    [InlineData("[Retry(MaxRetries = 0)] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q, CancellationToken ct) => TellAsync(q, ct);")]
    [InlineData("[Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q, CancellationToken ct) => TellCoreAsync(q, ct);")]
    [InlineData("public Task<string> M() => TellAsync(\"q\", default);")]
    public void Analyze_WhenOnlyOneRetries_ReportsNothing(string members) => Run(members).AssertAnalyzed();

    [Theory]
    [InlineData("new System.ClientModel.Primitives.ClientRetryPolicy(5)")]
    [InlineData("new System.ClientModel.Primitives.ClientRetryPolicy()")]
    public void Analyze_WhenAClientOfTheClassIsToldToRetry_ReportsTheOption(string policy)
        => Run($"public object M() => new System.ClientModel.Primitives.ClientPipelineOptions {{ RetryPolicy = {policy} }};").AssertAnalyzed(("REL030", "RetryPolicy"));

    [Fact]
    public void Analyze_WhenAClientIsToldNotToRetry_ReportsNothing()
        => Run("public object M() => new System.ClientModel.Primitives.ClientPipelineOptions { RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) };")
            .AssertAnalyzed();

    [Theory]
    [InlineData("services.AddHttpClient<C>().AddStandardResilienceHandler()")]
    [InlineData("services.AddHttpClient<I, C>().ConfigureHttpClient(static _ => { }).AddStandardResilienceHandler()")]
    public void Analyze_WhenTheHttpClientOfTheClassRetries_ReportsTheHandler(string registration)
        => GeneratorHarness.Run(new ConsumerOptions(), Http, Source("") + Startup(registration)).AssertAnalyzed(("REL030", "AddStandardResilienceHandler"));

    [Fact]
    public void Analyze_WhenAnotherHttpClientRetries_ReportsNothing()
        => GeneratorHarness.Run(new ConsumerOptions(), Http, Source("") + Startup("services.AddHttpClient<object>().AddStandardResilienceHandler()")).AssertAnalyzed();

    [Fact]
    public void Analyze_WhenTheHttpClientOfADecoratedClassRetries_ReportsTheHandler()
        => GeneratorHarness.Run(new ConsumerOptions(), Http, Source("") + "public class Thing : IThing { public Task<string> SayAsync(string q, CancellationToken ct) => Task.FromResult(q); }"
            + Startup("services.AddHttpClient<Thing>().AddStandardResilienceHandler()")).AssertAnalyzed(("REL030", "AddStandardResilienceHandler"));

    [Fact]
    public void Analyze_WhenAnImplementationBehindADecoratorRetries_ReportsTheCall()
        => GeneratorHarness.Run(Source("") + """
            public class Thing(Polly.ResiliencePipeline pipeline, C c) : IThing
            {
                public async Task<string> SayAsync(string q, CancellationToken ct) => await pipeline.ExecuteAsync(async token => await Task.FromResult(q), ct);
                Task<string> IThing.SayAsync(string q, CancellationToken ct) => c.TellAsync(q, ct);
            }
            """).AssertAnalyzed(("REL030", "TellAsync"));

    /// <summary>What clients built on System.ClientModel look like.</summary>
    private const string Client = """
        public class ModelClientOptions : System.ClientModel.Primitives.ClientPipelineOptions;
        public class ModelClient { public ModelClient(string key, ModelClientOptions? options = null) { } public ModelClient(string key) { } public ModelClient(System.ClientModel.Primitives.ClientPipeline p, ModelClientOptions? o = null) { } public object GetChatClient() => this; }
        """;

    [Theory]
    [InlineData("new ModelClient(\"key\")", true)]
    [InlineData("new ModelClient(\"key\", null)", true)]
    [InlineData("new ModelClient(\"key\", new ModelClientOptions())", true)]
    [InlineData("new ModelClient(\"key\", options: new() { NetworkTimeout = null }).GetChatClient()", true)]
    [InlineData("new ModelClient(\"key\", new ModelClientOptions { RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) })", false)]
    [InlineData("new ModelClient(\"key\", Shared)", false)]
    [InlineData("new ModelClient((System.ClientModel.Primitives.ClientPipeline)null!)", false)]
    [InlineData("new ModelClientOptions()", false)]
    public void Analyze_WhenAClientKeepsItsOwnPolicy_ReportsWhereItIsMade(string client, bool isReported)
    {
        GeneratorRun run = GeneratorHarness.Run(Source($"public static readonly ModelClientOptions Shared = new(); public object M() => {client};") + Client);

        run.AssertAnalyzed(isReported ? [("REL030", "new")] : []);
        if (isReported)
            Assert.StartsWith("'ModelClient' retries by itself, and 'C.TellAsync' retries it again", run.AnalyzerDiagnostics[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Analyze_WhenAClientIsMadeElsewhere_ReportsNothing()
        => GeneratorHarness.Run(Source("") + Client + "public static class Elsewhere { public static object M() => new ModelClient(\"key\"); }").AssertAnalyzed();

    private static string Startup(string registration) => $$"""
        public static class Startup { public static void Add(Microsoft.Extensions.DependencyInjection.IServiceCollection services) { {{registration}}; } }
        """;

    private static GeneratorRun Run(string members) => GeneratorHarness.Run(Source(members));

    private static string Source(string members) => "using Microsoft.Extensions.DependencyInjection;\n" + $$"""
        public interface I;
        public interface IThing { [Retry] Task<string> SayAsync(string q, CancellationToken ct); }
        public partial class C(ReliableRuntime reliable, IThing thing, Polly.ResiliencePipeline pipeline) : I
        {
            public object All => (reliable, thing, pipeline);
            [Retry] public partial Task<string> TellAsync(string q, CancellationToken ct);
            private Task<string> TellCoreAsync(string q, CancellationToken ct) => Task.FromResult(q);
            {{members}}
        }
        """;
}
