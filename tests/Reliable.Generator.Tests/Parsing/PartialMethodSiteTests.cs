using Microsoft.CodeAnalysis;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Parsing;

public sealed class PartialMethodSiteTests
{
    [Fact]
    public void FindAttempt_WhenCoreIsMissing_ShowsWhatToAdd()
    {
        Diagnostic diagnostic = GeneratorHarness.Run(Consumer.Class("[Retry] public partial Task<string> AskAsync<T>(string q, in T t, CancellationToken ct);"))
            .AssertOnly("REL004", "AskAsync");

        Assert.Contains(
            "'private Task<string> AskCoreAsync<T>(string q, in T t, AttemptContext attempt, CancellationToken cancellationToken)'",
            diagnostic.GetMessage(null),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task<int> AskCoreAsync(string q, int n)")]
    [InlineData("ValueTask<string> AskCoreAsync(string q, int n)")]
    [InlineData("Task<string?> AskCoreAsync(string q, int n)")]
    [InlineData("Task<string> AskCoreAsync(string q)")]
    [InlineData("Task<string> AskCoreAsync(string q, long n)")]
    [InlineData("Task<string> AskCoreAsync(string q, ref int n)")]
    [InlineData("Task<string> AskCoreAsync(int n, string q)")]
    [InlineData("Task<string> AskCoreAsync(string q, int n, int more = 3)")]
    [InlineData("Task<string> AskCoreAsync<T>(string q, int n)")]
    [InlineData("Task<string> AskCoreAsync(string q, int n, IProgress<RetryStatus> progress)")]
    [InlineData("Task<string> AskCoreAsync(string q, int n, ReliableRuntime runtime)")]
    [InlineData("Task<string> AskCoreAsync(string q, int n, CancellationToken one, CancellationToken two)")]
    public void FindAttempt_WhenCoreHasAnotherSignature_ReportsTheCoreMethod(string core)
    {
        Diagnostic diagnostic = GeneratorHarness.Run(Consumer.Class($$"""
            [Retry] public partial Task<string> AskAsync(string q, int n, CancellationToken ct);
            private {{core}} => throw new InvalidOperationException();
            """)).AssertOnly("REL005", "AskCoreAsync");

        Assert.Contains("found '" + core.Split('(')[0], diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(
            "expected 'Task<string> AskCoreAsync(string q, int n, AttemptContext attempt, CancellationToken cancellationToken)'",
            diagnostic.GetMessage(null),
            StringComparison.Ordinal);
    }

    [Fact]
    public void FindAttempt_WhenParametersAreExchanged_ReportsTheCoreMethod()
        => GeneratorHarness.Run(Consumer.Class("""
            [Retry] public partial Task<string> AskAsync(string userId, string question, CancellationToken ct);
            private Task<string> AskCoreAsync(string question, string userId) => Task.FromResult("");
            """)).AssertOnly("REL005", "AskCoreAsync");

    [Theory]
    [InlineData("string? q", "string q")]
    [InlineData("List<string?> q", "List<string> q")]
    [InlineData("[System.Diagnostics.CodeAnalysis.AllowNull] string q", "string q")]
    public void FindAttempt_WhenCoreDoesNotTakeNull_ReportsTheCoreMethod(string parameter, string core)
        => GeneratorHarness.Run(Consumer.Class($$"""
            [Retry] public partial Task<string> AskAsync({{parameter}}, CancellationToken ct);
            private Task<string> AskCoreAsync({{core}}) => Task.FromResult("");
            """)).AssertOnly("REL005", "AskCoreAsync");

    [Theory]
    [InlineData("", "where T : class")]
    [InlineData("where T : class?", "where T : class, new()")]
    [InlineData("", "where T : notnull")]
    [InlineData("where T : struct", "where T : unmanaged")]
    [InlineData("where T : class", "where T : class, IDisposable")]
    public void FindAttempt_WhenCoreHasMoreConstraints_ReportsTheCoreMethod(string own, string core)
        => GeneratorHarness.Run(Consumer.Class($$"""
            [Retry] public partial Task<T> AskAsync<T>(T q, CancellationToken ct) {{own}};
            private Task<T> AskCoreAsync<T>(T q) {{core}} => Task.FromResult(q);
            """)).AssertOnly("REL005", "AskCoreAsync");

    [Fact]
    public void FindAttempt_WhenStaticMethodHasAnInstanceCore_ReportsTheCoreMethod()
        => GeneratorHarness.Run(Consumer.Class("""
            [Retry] public static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct);
            private Task<string> AskCoreAsync() => Task.FromResult("");
            """)).AssertOnly("REL005", "AskCoreAsync");

    [Fact]
    public void FindAttempt_WhenCoreIsPrivateInABaseClass_ReportsItMissing()
        => GeneratorHarness.Run("""
            public class Root { private Task<string> AskCoreAsync() => Task.FromResult(""); public Task<string> UseAsync() => AskCoreAsync(); }
            public partial class C(ReliableRuntime reliable) : Root
            {
                public ReliableRuntime Runtime => reliable;
                [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            }
            """).AssertOnly("REL004", "AskAsync");

    [Theory]
    [InlineData("public partial class C { [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); }")]
    [InlineData("public partial class C(ReliableRuntime q) { public ReliableRuntime R() => q; [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); }")]
    [InlineData("public partial class C(ReliableRuntime r) { public ReliableRuntime R => r; [Retry] public static partial Task<string> AskAsync(string q, CancellationToken ct); }")]
    [InlineData("public class B { private ReliableRuntime? r; public object? R => r ??= null; } public partial class C : B { [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); }")]
    public void FindRuntime_WhenNoneIsInReach_ReportsTheMethod(string source)
        => GeneratorHarness.Run(source.TrimEnd('}', ' ') + " private static Task<string> AskCoreAsync(string q) => Task.FromResult(q); }")
            .AssertOnly("REL007", "AskAsync");

    [Fact]
    public void FindFallback_WhenMissing_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Method("[Retry(Fallback = \"Nowhere\")]")).AssertOnly("REL008", "\"Nowhere\"");

    [Theory]
    [InlineData("private Task<string> Other() => Task.FromResult(\"\");")]
    [InlineData("private Task<int> Other(string q) => Task.FromResult(1);")]
    [InlineData("[Retry] public partial Task<string> Other(string q, CancellationToken ct); private Task<string> OtherCore(string q) => Task.FromResult(q);")]
    public void FindFallback_WhenOfAnotherShape_ReportsItsName(string other)
        => GeneratorHarness.Run(Consumer.Class($$"""
            [Retry(Fallback = nameof(Other))] public partial Task<string> AskAsync(string q, CancellationToken ct);
            private Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            {{other}}
            """)).AssertOnly("REL009", "nameof(Other)");

    [Fact]
    public void FindFallback_WhenItIsTheMethodItself_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Method("[Retry(Fallback = \"AskAsync\")]")).AssertOnly("REL009", "\"AskAsync\"");

    /// <summary>What a derived class declares hides what it inherits, wherever the compiler would prefer it: even where it returns something else.</summary>
    [Theory]
    [InlineData("private new Task<int> AskCoreAsync(string q, AttemptContext attempt)")]
    [InlineData("private Task<int> AskCoreAsync(object q, AttemptContext attempt)")]
    [InlineData("private Task<int> AskCoreAsync(string q, AttemptContext attempt, int more = 1)")]
    [InlineData("private Task<int> AskCoreAsync(params object[] all)")]
    [InlineData("private Task<int> AskCoreAsync<T>(T q, AttemptContext attempt)")]
    [InlineData("[Obsolete(\"No.\", true)] private new Task<string> AskCoreAsync(string q, AttemptContext attempt)")]
    public void FindAttempt_WhenTheInheritedCoreIsHidden_ReportsWhatHidesIt(string hiding)
        => GeneratorHarness.Run(Inherited(hiding)).AssertReported("REL005", "AskCoreAsync");

    [Theory]
    [InlineData("private new Task<string> AskCoreAsync(string q, AttemptContext attempt)")]
    [InlineData("private Task<int> AskCoreAsync(string q)")]
    [InlineData("private Task<int> AskCoreAsync(int q, AttemptContext attempt)")]
    [InlineData("private Task<int> AskCoreAsync(ref string q, AttemptContext attempt)")]
    [InlineData("protected override Task<string> AskCoreAsync(string q, AttemptContext attempt)")]
    public void FindAttempt_WhenTheInheritedCoreIsNotInTheWay_CallsTheNearest(string nearer)
        => GeneratorHarness.Run(Inherited(nearer)).AssertClean();

    private static string Inherited(string member) => $$"""
        public abstract class Base
        {
            protected ReliableRuntime Runtime => null!;
            protected virtual Task<string> AskCoreAsync(string q, AttemptContext attempt) => Task.FromResult(q);
        }
        public partial class Derived : Base
        {
            [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
            {{member}} => throw new InvalidOperationException();
        }
        """;
}
