using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Execution;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>
/// Every shape either compiles without a warning of the compiler, or has one of our diagnostics; an error or a warning in a generated file is never one of the outcomes.
/// Implicit usings are off.
/// </summary>
public sealed class ShapeCollectionTests
{
    private static readonly Dictionary<string, Shape> s_all = new IReadOnlyDictionary<string, Shape>[]
        {
            GenericShapes.All, ParameterShapes.All, TypeShapes.All, MethodShapes.All, InterfaceMemberShapes.All, AnswerTypeShapes.All,
        }
        .SelectMany(static each => each)
        .ToDictionary(static each => each.Key, static each => each.Value);

    public static TheoryData<string> Names => [.. s_all.Keys];

    public static TheoryData<string> Scripts => [.. s_all.Where(static each => each.Value.Answer is not null).Select(static each => each.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Generate_WhenNullableIsOn_CompilesOrSaysWhyNot(string name)
        => AssertOutcome(s_all[name], new ConsumerOptions(Later(LanguageVersion.CSharp13, s_all[name].Language), AllowUnsafe: true, ImplicitUsings: false));

    [Theory]
    [MemberData(nameof(Names))]
    public void Generate_WhenNullableIsOffAndLanguageIsOldest_CompilesOrSaysWhyNot(string name)
        => AssertOutcome(
            s_all[name], new ConsumerOptions(s_all[name].Language, NullableContextOptions.Disable, DocumentationMode.Parse, AllowUnsafe: true, ImplicitUsings: false));

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Call_WhenTheShapeIsRun_Behaves(string name) => Assert.Equal(s_all[name].Answer, await Script.RunAsync(s_all[name].Source));

    /// <summary>A type that can be named by an alias only cannot be named in a file that does not know the alias.</summary>
    [Fact]
    public void Generate_WhenATypeIsBehindAnExternAlias_SaysSo()
    {
        const string Source = """
            extern alias other;
            using System.Threading;
            using System.Threading.Tasks;
            using Reliable;
            public class V : IResponseValidator<string> { public ValidationResult Validate(string response) => ValidationResult.Valid; }
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(other::Elsewhere.Thing[] all, CancellationToken ct);
                private Task<string> AskCoreAsync(other::Elsewhere.Thing[] all) => Task.FromResult("");
                [ValidateResponse(Validator = typeof(other::Elsewhere.V))] public partial Task<string> TellAsync(CancellationToken ct);
                private Task<string> TellCoreAsync() => Task.FromResult("");
            }
            """;
        ConsumerOptions options = new();
        CSharpCompilation elsewhere = options.Compile("namespace Elsewhere { public class Thing; public class V : Reliable.IResponseValidator<string> { public Reliable.ValidationResult Validate(string response) => Reliable.ValidationResult.Valid; } }")
            .WithAssemblyName("Elsewhere");
        CSharpCompilation compilation = options.Compile(Source).AddReferences(elsewhere.ToMetadataReference(aliases: ["other"]));

        GeneratorHarness.Driver(options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var reported, TestContext.Current.CancellationToken);

        Assert.Equal(["REL016", "REL026"], reported.Select(static each => each.Id).Order());
        Assert.DoesNotContain(output.GetDiagnostics(TestContext.Current.CancellationToken), IsGenerated);
    }

    private static void AssertOutcome(Shape shape, ConsumerOptions options)
    {
        GeneratorRun run = GeneratorHarness.Run(options, shape.Source);

        string reported = string.Join(' ', run.Diagnostics.Where(static each => each.Severity >= DiagnosticSeverity.Warning).Select(static each => each.Id).Order());
        Assert.Equal(shape.Reported, reported);
        bool mayBeWrong = shape.IsWrong || reported.Length > 0;
        IEnumerable<Diagnostic> problems = run.CompilerDiagnostics.Where(each => IsGenerated(each) || (!mayBeWrong && each.Severity == DiagnosticSeverity.Error));
        Assert.True(!problems.Any(), string.Join("\n", run.CompilerDiagnostics) + "\n\n" + run.AllSources());
    }

    private static bool IsGenerated(Diagnostic diagnostic) => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    private static LanguageVersion Later(LanguageVersion one, LanguageVersion other) => one > other ? one : other;
}
