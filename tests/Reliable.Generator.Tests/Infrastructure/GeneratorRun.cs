using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliable.Generator.Analyzers;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>What one run of the generator produced, and what the compiler says of it.</summary>
internal sealed class GeneratorRun(GeneratorDriverRunResult result, Compilation output)
{
    // A public member of the sources under test needs no documentation to be tested.
    private const string MissingDocumentation = "CS1591";

    public IReadOnlyList<string> HintNames => [.. result.Results[0].GeneratedSources.Select(static source => source.HintName)];

    public IReadOnlyList<Diagnostic> Diagnostics => result.Diagnostics;

    /// <summary>What the analyzers report about the sources; the generated files are there to be called.</summary>
    public IReadOnlyList<Diagnostic> AnalyzerDiagnostics =>
    [
        .. output.WithAnalyzers([new CoreCallAnalyzer(), new RepeatedRetryAnalyzer(), new RegistrationAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
            .OrderBy(static each => each.Location.SourceSpan.Start),
    ];

    /// <summary>What the analyzers report, as id, text and message.</summary>
    public GeneratorRun AssertAnalyzed(params (string Id, string Underlined)[] expected)
    {
        AssertCompiles();
        Assert.Equal(expected, AnalyzerDiagnostics.Select(static each => (each.Id, Underlined(each))));
        return this;
    }

    /// <summary>The only generated file.</summary>
    public string Source => Assert.Single(result.Results[0].GeneratedSources).SourceText.ToString();

    public string SourceOf(string hintName)
        => result.Results[0].GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();

    /// <summary>What the compiler reports about the sources together with the generated files.</summary>
    public IReadOnlyList<Diagnostic> CompilerDiagnostics =>
    [
        .. output.GetDiagnostics().Where(static each => each.Severity >= DiagnosticSeverity.Warning && each.Id != MissingDocumentation),
    ];

    /// <summary>Asserts that nothing is reported, neither by the generator (suggestions apart) nor by the compiler, and that there is something to run.</summary>
    public GeneratorRun AssertClean()
    {
        Assert.DoesNotContain(Diagnostics, static each => each.Severity >= DiagnosticSeverity.Warning);
        AssertCompiles();
        Assert.NotEmpty(HintNames);
        return this;
    }

    public GeneratorRun AssertCompiles()
    {
        IReadOnlyList<Diagnostic> problems = CompilerDiagnostics;
        Assert.True(problems.Count == 0, string.Join("\n", problems) + "\n\n" + AllSources());
        return this;
    }

    /// <summary>Asserts that one diagnostic is reported, at this text, and that the compiler has nothing to add.</summary>
    public Diagnostic AssertOnly(string id, string underlined)
    {
        AssertCompiles();
        return AssertReported(id, underlined);
    }

    /// <summary>Asserts that the generator reports one diagnostic, at this text. The compiler may complain about the source as well.</summary>
    public Diagnostic AssertReported(string id, string underlined)
    {
        Diagnostic diagnostic = Assert.Single(Diagnostics);
        Assert.Equal((id, underlined), (diagnostic.Id, Underlined(diagnostic)));
        Assert.DoesNotContain(CompilerDiagnostics, static each => each.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        return diagnostic;
    }

    public static string Underlined(Diagnostic diagnostic)
        => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    /// <summary>Compiles and loads the consumer.</summary>
    public Assembly Load()
    {
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = output.Emit(stream);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics) + "\n\n" + AllSources());
        stream.Position = 0;
        return new AssemblyLoadContext("Consumer", isCollectible: true).LoadFromStream(stream);
    }

    public string AllSources() => string.Join("\n", result.Results[0].GeneratedSources.Select(static source => source.SourceText.ToString()));
}
