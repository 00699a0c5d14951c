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
