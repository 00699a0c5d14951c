using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>
/// Every shape either compiles without a warning of the compiler, or has one of our diagnostics; an error or a warning in a generated file is never one of the outcomes.
/// Implicit usings are off. Asked by several classes, which run side by side.
/// </summary>
internal static class ShapeCollection
{
    public static IReadOnlyDictionary<string, Shape> All { get; } = new IReadOnlyDictionary<string, Shape>[]
        {
            GenericShapes.All, ParameterShapes.All, TypeShapes.All, MethodShapes.All, InterfaceMemberShapes.All, AnswerTypeShapes.All,
        }
        .SelectMany(static each => each)
        .ToDictionary(static each => each.Key, static each => each.Value);

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> Scripts => [.. All.Where(static each => each.Value.Answer is not null).Select(static each => each.Key)];

    public static void AssertOutcome(Shape shape, ConsumerOptions options)
    {
        GeneratorRun run = GeneratorHarness.Run(options, shape.Source);

        string reported = string.Join(' ', run.Diagnostics.Where(static each => each.Severity >= DiagnosticSeverity.Warning).Select(static each => each.Id).Order());
        Assert.Equal(shape.Reported, reported);
        bool mayBeWrong = shape.IsWrong || reported.Length > 0;
        IEnumerable<Diagnostic> problems = run.CompilerDiagnostics.Where(each => IsGenerated(each) || (!mayBeWrong && each.Severity == DiagnosticSeverity.Error));
        Assert.True(!problems.Any(), string.Join("\n", run.CompilerDiagnostics) + "\n\n" + run.AllSources());
    }

    public static bool IsGenerated(Diagnostic diagnostic) => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    public static LanguageVersion Later(LanguageVersion one, LanguageVersion other) => one > other ? one : other;
}
