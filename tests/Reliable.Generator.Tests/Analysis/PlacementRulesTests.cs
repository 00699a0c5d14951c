using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class PlacementRulesTests
{
    [Fact]
    public void Check_WhenMethodIsNotPartial_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Class("[Retry] public Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");"))
            .AssertOnly("REL001", "AskAsync");

    [Fact]
    public void Check_WhenNotPartialMethodHasOtherMistakes_ReportsOnlyThat()
        => GeneratorHarness.Run(Consumer.Class("[Retry(MaxRetries = -1), UsageTransaction] public int Ask(out int a) => a = 1;"))
            .AssertOnly("REL001", "Ask");

    [Fact]
    public void Check_WhenTypeIsNotPartial_ReportsTheTypeOnce()
        => GeneratorHarness.Run("""
            public class Assistant(ReliableRuntime reliable)
            {
                public ReliableRuntime Runtime => reliable;
                [Retry] public partial Task<string> AskAsync(CancellationToken ct);
                [Retry, ValidateResponse] public partial Task<string> TellAsync(CancellationToken ct);
            }
            """).AssertReported("REL002", "Assistant");

    [Fact]
    public void Check_WhenOuterTypeIsNotPartial_ReportsTheOuterType()
        => GeneratorHarness.Run("""
            public class Outer
            {
                public partial struct Inner
                {
                    [Retry] public static partial Task<string> AskAsync(ReliableRuntime reliable, CancellationToken ct);
                }
            }
            """).AssertReported("REL002", "Outer");

    [Fact]
    public void Check_WhenMethodHasABody_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Class("""
            [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            public partial Task<string> AskAsync(CancellationToken ct) => Task.FromResult("");
            """)).AssertOnly("REL023", "AskAsync");

    [Fact]
    public void Check_WhenOnlyTheBodyIsAnnotated_ReportsItsName()
        => GeneratorHarness.Run(Consumer.Class("""
            public partial Task<string> AskAsync(CancellationToken ct);
            [Retry] public partial Task<string> AskAsync(CancellationToken ct) => Task.FromResult("");
            """)).AssertOnly("REL023", "AskAsync");

    [Fact]
    public void Check_WhenTypeIsFileLocal_ReportsTheMethod()
        => GeneratorHarness.Run("file static partial class C { [Retry] public static partial Task<string> AskAsync(ReliableRuntime reliable, CancellationToken ct); }")
            .AssertReported("REL025", "AskAsync");

    [Theory]
    [InlineData("[Retry] public abstract Task<string> AskAsync(CancellationToken ct);", "AskAsync")]
    [InlineData("[Retry] [System.Runtime.InteropServices.DllImport(\"x\")] public static extern Task<string> AskAsync(CancellationToken ct);", "AskAsync")]
    [InlineData("[Retry] Task<string> IAsk.AskAsync(CancellationToken ct) => Task.FromResult(\"\");", "AskAsync")]
    [InlineData("public int P { [Retry] get => 1; }", "get")]
    [InlineData("[Retry] public static C operator +(C a, C b) => a;", "+")]
    [InlineData("public void M() { Local(); [Retry] void Local() { } }", "Local")]
    public void Check_WhenItCannotBePartial_ReportsTheName(string member, string underlined)
        => GeneratorHarness.Run($$"""
            public abstract partial class C { {{member}} }
            public abstract partial class C : IAsk { public abstract Task<string> AskAsync(CancellationToken ct, int a); Task<string> IAsk.AskAsync(CancellationToken ct, int a) => AskAsync(ct, a); }
            public interface IAsk { Task<string> AskAsync(CancellationToken ct) => Task.FromResult(""); Task<string> AskAsync(CancellationToken ct, int a); }
            """).AssertOnly("REL025", underlined);

    [Fact]
    public void Check_WhenInstanceMethodIsInARefStruct_ReportsTheMethod()
        => GeneratorHarness.Run("""
            public ref partial struct S { [Retry] public partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); }
            """).AssertReported("REL025", "AskAsync");

    [Theory]
    [InlineData("[Retry] static Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");")]
    [InlineData("[Retry] private Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");")]
    [InlineData("[Retry] sealed Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");")]
    public void Check_WhenInterfaceMethodCannotBeDecorated_ReportsTheMethod(string member)
        => GeneratorHarness.Run(Consumer.Interface(member)).AssertOnly("REL025", "AskAsync");

    [Fact]
    public void Check_WhenTheDeclarationIsRepeated_StillGeneratesTheOthers()
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Class("""
            [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            [Retry] public partial Task<string> TellAsync(CancellationToken ct);
            private Task<string> AskCoreAsync() => Task.FromResult("");
            private Task<string> TellCoreAsync() => Task.FromResult("");
            """));

        Assert.Equal(2, run.HintNames.Count);
        Assert.Contains("C.TellAsync.g.cs", run.HintNames);
    }
}
