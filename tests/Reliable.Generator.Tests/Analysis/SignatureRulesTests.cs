using Microsoft.CodeAnalysis;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class SignatureRulesTests
{
    [Theory]
    [InlineData("IEnumerable<string>")]
    [InlineData("IAsyncEnumerator<string>")]
    [InlineData("Task<string>?[]")]
    [InlineData("dynamic")]
    [InlineData("string")]
    [InlineData("void")]
    [InlineData("ValueTask<string>?")]
    [InlineData("Task<string>[]")]
    public void CheckReturnType_WhenUnsupported_ReportsTheType(string type)
    {
        Diagnostic diagnostic = GeneratorHarness.Run(Consumer.Method("[Retry]", type)).AssertOnly("REL003", type);

        Assert.Contains("'Task<T>', 'ValueTask<T>', 'Task', 'ValueTask' and 'IAsyncEnumerable<T>'", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckReturnType_WhenUnsupportedInAnInterface_ReportsTheTypeAndHandsTheMethodOn()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Interface("[Retry] string AskAsync(CancellationToken ct);"));

        run.AssertOnly("REL003", "string");
        Assert.Contains("=> _inner.AskAsync(@ct);", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckReturnType_WhenAsyncVoid_ReportsVoid()
        => GeneratorHarness.Run(Consumer.Class("[Retry] public async void Ask(CancellationToken ct) => await Task.Delay(1, ct);"))
            .AssertOnly("REL022", "void");

    [Theory]
    [InlineData("out int a")]
    [InlineData("ref int a")]
    [InlineData("ReadOnlySpan<char> a")]
    [InlineData("params ReadOnlySpan<string> a")]
    [InlineData("scoped Span<char> a")]
    public void CheckParameters_WhenNotRepeatable_ReportsTheParameter(string parameter)
        => GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: $"CancellationToken ct, {parameter}")).AssertOnly("REL018", parameter);

    [Fact]
    public void CheckParameters_WhenPointer_ReportsTheParameter()
        => GeneratorHarness.Run(
            new ConsumerOptions(AllowUnsafe: true),
            Consumer.Class("[Retry] public unsafe partial Task<string> AskAsync(int* a, CancellationToken ct);")).AssertOnly("REL018", "int* a");

    [Fact]
    public void CheckParameters_WhenTypeParameterMayBeARefStruct_ReportsTheParameter()
        => GeneratorHarness.Run(Consumer.Class("[Retry] public partial Task<string> AskAsync<T>(T a, CancellationToken ct) where T : allows ref struct;"))
            .AssertOnly("REL018", "T a");

    [Theory]
    [InlineData("CancellationToken one, CancellationToken two")]
    [InlineData("CancellationToken ct, AttemptContext one, AttemptContext two")]
    [InlineData("CancellationToken ct, IProgress<RetryStatus> one, IProgress<RetryStatus> two")]
    [InlineData("CancellationToken ct, ReliableRuntime one, ReliableRuntime two")]
    public void CheckParameters_WhenTwoAreOfOneKind_ReportsTheSecond(string parameters)
        => GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: parameters)).AssertOnly("REL019", "two");

    [Fact]
    public void CheckParameters_WhenTokenIsMissing_SuggestsOne()
    {
        Diagnostic diagnostic = GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: "string q")).AssertOnly("REL021", "AskAsync");

        Assert.Equal(DiagnosticSeverity.Info, diagnostic.Severity);
    }

    [Fact]
    public void Generate_WhenAccessibilityIsMissing_LeavesTheErrorToTheCompiler()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Class("[Retry] partial Task<string> AskAsync(CancellationToken ct);"));

        Assert.Empty(run.Diagnostics);
        Assert.Equal("CS8796", Assert.Single(run.CompilerDiagnostics).Id);
    }
}
