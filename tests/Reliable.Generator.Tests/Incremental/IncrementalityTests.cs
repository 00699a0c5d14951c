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

    /// <summary>Whatever is edited, what comes out is what a generator that starts anew would write.</summary>
    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_WhenAnotherFileMayMatter_WritesWhatAFreshRunWrites(string before, string after)
    {
        const string Methods = """
            public partial class C
            {
                [Retry(MaxRetries = Shared.Max, Fallback = nameof(OtherAsync)), ValidateResponse] public partial Task<Answer> AskAsync(Key userId, CancellationToken ct);
                [UsageTransaction] public partial Task<string?> TellAsync(Key userId, List<string> all, CancellationToken ct);
            }
            public interface IThing : IBase { [Retry] Task<Answer> AskAsync(Key key, CancellationToken ct); }
            """;
        const string Shared = """
            using System.Diagnostics.CodeAnalysis;
            public static class Shared { public const int Max = 2; public static int Field = 3; }
            public class Answer { public required string Text { get; set; } public int Count { get; set; } }
            public readonly record struct Key(string Value) { public override string ToString() => Value; }
            public interface IBase { [ValidateResponse(MinLength = 1)] Task<string> BaseAsync(string q, CancellationToken ct); }
            public partial class C
            {
                private readonly ReliableRuntime _reliable = null!;
                private Task<Answer> AskCoreAsync(Key userId, AttemptContext attempt) { int a = 1; return Task.FromResult(new Answer { Text = "a" + a }); }
                private Task<Answer> OtherAsync(Key userId) => Task.FromResult(new Answer { Text = "b" });
                private Task<string?> TellCoreAsync(Key userId, List<string> all) => Task.FromResult<string?>("");
                [Retry(MaxRetries = 1)] public partial Task<string> SayAsync(string q, CancellationToken ct);
                private Task<string> SayCoreAsync(string q) => Task.FromResult(q);
            }
            """;
        string edited = Shared.Replace(before, after, StringComparison.Ordinal);
        Assert.NotEqual(Shared, edited);

        GeneratorDriverRunResult result = AfterEdit(Methods, Shared, 2, edited);

        (GeneratorDriver fresh, _) = Start(Methods, edited);
        Assert.Equal(Files(fresh.GetRunResult()), Files(result));
        Assert.Equal(Reports(fresh.GetRunResult()), Reports(result));
    }

    public static TheoryData<string, string> Edits => new()
    {
        { "int a = 1;", "int a = 2; int b = a;" },
        { "=> Value;", "=> Value + Value;" },
        { "Field = 3", "Field = 4" },
        { "Max = 2", "Max = 3" },
        { "MaxRetries = 1", "MaxRetries = 4" },
        { "[Retry(MaxRetries = 1)] public", "[ValidateResponse] public" },
        { "MinLength = 1", "MinLength = 2" },
        { "AttemptContext attempt", "AttemptContext attempt, CancellationToken ct" },
        { "private Task<Answer> OtherAsync(Key userId)", "[Obsolete] private Task<Answer> OtherAsync(Key userId)" },
        { "private Task<Answer> OtherAsync(Key userId)", "[Retry] public Task<Answer> OtherAsync(Key userId)" },
        { "private Task<Answer> OtherAsync(Key userId)", "private Task<Answer> OtherAsync(string userId)" },
        { "public required string Text", "public string? Text" },
        { "public int Count", "[System.ComponentModel.DataAnnotations.Range(1, 2)] public int Count" },
        { "public readonly record struct Key(string Value) { public override string ToString() => Value; }", "public readonly record struct Key(string Value);" },
        { "readonly record struct Key", "record class Key" },
        { "public static class Shared", "#nullable disable\npublic static class Shared" },
        { "private readonly ReliableRuntime _reliable", "private readonly ReliableRuntime _other" },
        { "private readonly ReliableRuntime _reliable = null!;", "" },
        { "public interface IBase", "[Obsolete] public interface IBase" },
        { "using System.Diagnostics.CodeAnalysis;", "using System.Diagnostics.CodeAnalysis; using Task = System.Int32;" },
    };

    private static IEnumerable<string> Files(GeneratorDriverRunResult result)
        => result.Results[0].GeneratedSources.Select(static source => source.HintName + "\n" + source.SourceText).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Reports(GeneratorDriverRunResult result)
        => result.Diagnostics.Select(static each => each.ToString()).Order(StringComparer.Ordinal);

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
