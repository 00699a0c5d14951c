using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analyzers;

public sealed class CoreCallAnalyzerTests
{
    private const string Ask = """
        [Retry(Fallback = nameof(LastAsync)), UsageTransaction] public partial Task<string> AskAsync(string userId, CancellationToken ct);
        protected Task<string> AskCoreAsync(string userId, CancellationToken ct) => Task.FromResult(userId);
        protected Task<string> AskCoreAsync(int other) => Task.FromResult("");
        """;

    [Theory]
    [InlineData("public Task<string> M() => AskCoreAsync(\"u\", default);")]
    [InlineData("public Func<Task<string>> M() => () => this.AskCoreAsync(\"u\", default);")]
    [InlineData("public Func<string, CancellationToken, Task<string>> M() => AskCoreAsync;")]
    [InlineData("public async Task<string> M() { return await Local(); Task<string> Local() => AskCoreAsync(\"u\", default); }")]
    [InlineData("public Task<string> M => AskCoreAsync(\"u\", default);")]
    [InlineData("public Task<string> M(C? other) => other?.AskCoreAsync(\"u\", default)!;")]
    public void Analyze_WhenCoreIsCalledFromElsewhere_ReportsItsName(string caller)
    {
        GeneratorRun run = Run(caller).AssertAnalyzed(("REL029", "AskCoreAsync"));

        Assert.Equal(
            "'AskCoreAsync' makes the model call without retry and a usage transaction. Call 'AskAsync'.",
            run.AnalyzerDiagnostics[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Analyze_WhenADerivedClassCallsIt_ReportsItsName()
        => GeneratorHarness.Run(Class("") + "public class D(ReliableRuntime r) : C(r) { public Task<string> M() => AskCoreAsync(\"u\", default); }")
            .AssertAnalyzed(("REL029", "AskCoreAsync"));

    [Fact]
    public void Analyze_WhenTheCoreMethodIsInherited_ReportsItsName()
        => GeneratorHarness.Run("""
            public abstract class B { protected virtual Task<string> AskCoreAsync(string q) => Task.FromResult(q); }
            public partial class C(ReliableRuntime reliable) : B
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                public Task<string> M() => AskCoreAsync("q");
            }
            """).AssertAnalyzed(("REL029", "AskCoreAsync"));

    [Theory]
    [InlineData("public string M() => nameof(AskCoreAsync);")]
    [InlineData("public Task<string> M() => AskCoreAsync(3);")]
    [InlineData("public Task<string> M() => AskAsync(\"u\", default);")]
    [InlineData("[Retry] public partial Task<string> TellAsync(string q, CancellationToken ct); private Task<string> TellCoreAsync(string q, CancellationToken ct) => AskCoreAsync(q, ct);")]
    [InlineData("private Task<string> SomeCoreAsync() => Task.FromResult(\"\"); public Task<string> M() => SomeCoreAsync();")]
    public void Analyze_WhenItIsNoBypass_ReportsNothing(string caller) => Run(caller).AssertAnalyzed();

    [Fact]
    public void Analyze_WhenAnOverrideCallsItsBase_ReportsNothing()
        => GeneratorHarness.Run("""
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                protected virtual Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            }
            public class D(ReliableRuntime r) : C(r) { protected override Task<string> AskCoreAsync(string q) => base.AskCoreAsync(q); }
            """).AssertAnalyzed();

    private static GeneratorRun Run(string caller) => GeneratorHarness.Run(Class(caller));

    private static string Class(string members) => Consumer.Class($$"""
        {{Ask}}
        private Task<string> LastAsync(string userId, CancellationToken ct) => AskCoreAsync(userId, ct);
        {{members}}
        """);
}
