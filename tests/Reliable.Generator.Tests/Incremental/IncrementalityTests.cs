using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Contract;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Incremental;

/// <summary>What one edit recomputes, measured with the driver's own step tracking.</summary>
public sealed class IncrementalityTests
{
    private const string Two = """
        public partial class C(ReliableRuntime reliable)
        {
            [Retry] public partial Task<string> AskAsync(string userId, CancellationToken ct);
            [Retry, UsageTransaction] public partial Task<string> TellAsync(string userId, CancellationToken ct);
            private Task<string> AskCoreAsync(string userId) => Task.FromResult(userId);
            private Task<string> TellCoreAsync(string userId) => Task.FromResult(userId);
        }
        public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); }
        public interface IOther { [ValidateResponse] Task<string> AskAsync(string q, CancellationToken ct); }
        """;

    private static readonly ConsumerOptions s_options = new();

    [Fact]
    public void Edit_WhenAnUnrelatedFileChanges_RewritesNothing()
        => CacheAssert.AllCached(AfterEdit(Two, "public class Unrelated { public int A => 1; }", 2, "public class Unrelated { public int A => 2; public string B() => \"\"; }"));

    [Fact]
    public void Edit_WhenAFileIsAdded_RewritesNothing()
    {
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(Two);

        SyntaxTree added = CSharpSyntaxTree.ParseText("class Added;", s_options.ParseOptions, cancellationToken: TestContext.Current.CancellationToken);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(added), TestContext.Current.CancellationToken);

        CacheAssert.AllCached(driver.GetRunResult());
    }

    [Fact]
    public void Edit_WhenABodyChanges_RewritesNothing()
        => CacheAssert.AllCached(AfterEdit(
            ContractSources.SupportAssistant,
            "",
            1,
            ContractSources.SupportAssistant.Replace("chat.GetResponseAsync(question", "chat.GetResponseAsync(question + question", StringComparison.Ordinal)));

    [Fact]
    public void Edit_WhenLinesMove_RewritesNothing()
        => CacheAssert.AllCached(AfterEdit(Two, "", 1, "// a comment\n\n\n" + Two));

    [Theory]
    [InlineData("[Retry] public partial Task<string> AskAsync", "[Retry(MaxRetries = 2)] public partial Task<string> AskAsync")]
    [InlineData("[Retry, UsageTransaction]", "[Retry, UsageTransaction(Amount = 3)]")]
    [InlineData("interface IThing { [Retry]", "interface IThing { [Retry(Jitter = true)]")]
    [InlineData("interface IOther { [ValidateResponse]", "interface IOther { [ValidateResponse(MinLength = 3)]")]
    [InlineData("AskCoreAsync(string userId)", "AskCoreAsync(string userId, AttemptContext attempt)")]
    public void Edit_WhenOneMethodChanges_RewritesOneFile(string before, string after)
    {
        GeneratorDriverRunResult result = AfterEdit(Two, "", 1, Two.Replace(before, after, StringComparison.Ordinal));

        Assert.Equal(1, CacheAssert.RewrittenOutputs(result));
        Assert.Single(CacheAssert.ModelReasons(result), IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void Edit_WhenAnUnrelatedFileChangesBesideADiagnostic_ReportsNothingAnew()
        => CacheAssert.AllCached(AfterEdit(
            Consumer.Method("[Retry(MaxRetries = 99)]") + Consumer.Interface("[Retry(BackoffMs = [-1])] Task<int> TellAsync();"),
            "class Unrelated;",
            2,
            "class Unrelated { int a; }"));

    [Fact]
    public void Edit_WhenAMethodIsAdded_WritesItsFileOnly()
    {
        GeneratorDriverRunResult result = AfterEdit(Two, "", 1, Two + "public interface IThird { [ValidateResponse] Task<string> AskAsync(CancellationToken ct); }");

        Assert.Equal(5, result.GeneratedTrees.Length);
        Assert.Equal(1, CacheAssert.RewrittenOutputs(result));
    }

    [Fact]
    public void Run_WhenAMethodHasSeveralAttributes_ParsesItOnce()
    {
        (GeneratorDriver driver, _) = Start(Consumer.Method("[Retry, ValidateResponse, UsageTransaction]"));

        Assert.Single(driver.GetRunResult().Results[0].TrackedSteps[TrackingNames.Parsed].SelectMany(static step => step.Outputs));
    }

    [Fact]
    public void ModelGraph_WhenAModelHoldsALocation_Fails()
        => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ModelGraph.AssertPlain(new { Inner = new object[] { "text", Location.None } }));

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) Start(params string[] sources)
    {
        CSharpCompilation compilation = s_options.Compile([GeneratorHarness.Usings, .. sources]);
        return (GeneratorHarness.Driver(s_options).RunGenerators(compilation), compilation);
    }

    /// <summary>Runs on a source and another file, replaces one of them, and runs again. The first file is the usings.</summary>
    private static GeneratorDriverRunResult AfterEdit(string source, string other, int edited, string text)
    {
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(source, other);
        SyntaxTree tree = compilation.SyntaxTrees[edited];
        SyntaxTree changed = tree.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(text));
        Assert.NotEqual(tree.ToString(), changed.ToString());

        GeneratorDriverRunResult result = driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, changed)).GetRunResult();
        GeneratorHarness.AssertNothingThrown(result);
        return result;
    }
}
