using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Parsing;

public sealed class DecoratorSiteTests
{
    [Fact]
    public void FindFallback_WhenMissing_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Interface("[Retry(Fallback = \"Nowhere\")] Task<string> AskAsync(string q, CancellationToken ct);"))
            .AssertOnly("REL008", "\"Nowhere\"");

    [Fact]
    public void FindFallback_WhenItIsTheMethodItself_ReportsItMissing()
        => GeneratorHarness.Run(Consumer.Interface("[Retry(Fallback = nameof(AskAsync))] Task<string> AskAsync(string q, CancellationToken ct);"))
            .AssertOnly("REL008", "nameof(AskAsync)");

    [Fact]
    public void FindFallback_WhenOfAnotherShape_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Interface("[Retry(Fallback = nameof(Other))] Task<string> AskAsync(string q, CancellationToken ct); Task<string> Other();"))
            .AssertOnly("REL009", "nameof(Other)");

    [Fact]
    public void FindFallback_WhenInherited_CallsTheInterfaceThatDeclaresIt()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            public interface IRoot { Task<string> OtherAsync(string q); }
            public interface IThing : IRoot { [Retry(Fallback = nameof(OtherAsync))] Task<string> AskAsync(string q, CancellationToken ct); }
            """).AssertClean();

        Assert.Contains("fallback: [global::System.Diagnostics.DebuggerStepThrough] static (state, attempt, token) => state.inner.OtherAsync(state.@q)", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void FindAttempt_WhenAnInheritedMethodIsAnnotated_WrapsItToo()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            public interface IRoot { [Retry] Task<string> AskAsync(string q, CancellationToken ct); }
            public interface IThing : IRoot { [Retry] Task<string> TellAsync(string q, CancellationToken ct); }
            """).AssertClean();

        Assert.Contains("(inner: ((global::IRoot)_inner), @q)", run.SourceOf("IThing.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void FindAttempt_WhenMethodTakesTheContext_PassesTheAttemptsOwn()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Interface("[Retry] Task<string> AskAsync(AttemptContext attempt = default, CancellationToken ct = default);"));

        Assert.Contains("static (inner, attempt, token) => inner.AskAsync(attempt, token)", run.AssertClean().Source, StringComparison.Ordinal);
    }
}
