using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Reliable.Generator.Analyzers;
using Reliable.Generator.CodeFixes;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>Real documents in a workspace: generator and analyzers run, and a fix is applied to what they report.</summary>
internal sealed class CodeFixRun : IDisposable
{
    private static readonly CodeFixProvider[] s_providers = [new MakePartialFix(), new AddAttemptMethodFix(), new AddParameterFix(), new CallWrapperFix()];

    private readonly AdhocWorkspace _workspace = new();
    private readonly ConsumerOptions _options = new(Documentation: DocumentationMode.Parse);
    private readonly ProjectId _project = ProjectId.CreateNewId();
    private Solution _solution;

    public CodeFixRun(params string[] sources)
    {
        _solution = _workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(_project, VersionStamp.Default, "Consumer", "Consumer", LanguageNames.CSharp))
            .WithProjectParseOptions(_project, _options.ParseOptions)
            .WithProjectCompilationOptions(_project, _options.Compile().Options)
            .WithProjectMetadataReferences(_project, References.All);
        Add("Usings.cs", GeneratorHarness.Usings);
        for (int index = 0; index < sources.Length; index++)
            Add($"File{index}.cs", sources[index]);
    }

    /// <summary>The texts of the documents, without that of the usings.</summary>
    public async Task<string[]> TextsAsync()
    {
        List<string> texts = [];
        foreach (Document document in _solution.GetProject(_project)!.Documents.Skip(1))
            texts.Add((await document.GetTextAsync()).ToString());

        return [.. texts];
    }

    /// <summary>The titles of what is offered for the first diagnostic of an id.</summary>
    public async Task<string[]> OffersAsync(string id) => [.. (await ActionsAsync(id)).Select(static action => action.Title)];

    /// <summary>Applies one of the fixes offered.</summary>
    public async Task<CodeFixRun> ApplyAsync(string id, string title)
    {
        IReadOnlyList<CodeAction> actions = await ActionsAsync(id);
        CodeAction action = Assert.Single(actions, each => each.Title == title);
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(CancellationToken.None);
        _solution = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution;
        return this;
    }

    /// <summary>Asserts that nothing is wrong with the documents any more, neither for us nor for the compiler.</summary>
    public async Task AssertCleanAsync() => Assert.DoesNotContain(await DiagnosticsAsync(), static each => each.Severity >= DiagnosticSeverity.Warning);

    public void Dispose() => _workspace.Dispose();

    private void Add(string name, string text)
        => _solution = _solution.AddDocument(DocumentId.CreateNewId(_project), name, SourceText.From(text), filePath: "/consumer/" + name);

    private async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync()
    {
        Compilation compilation = (await _solution.GetProject(_project)!.GetCompilationAsync())!;
        GeneratorHarness.Driver(_options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> generated);
        ImmutableArray<Diagnostic> analyzed = await output.WithAnalyzers([new CoreCallAnalyzer(), new RepeatedRetryAnalyzer(), new RegistrationAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. generated, .. analyzed, .. output.GetDiagnostics().Where(static each => each.Severity >= DiagnosticSeverity.Warning)];
    }

    private async Task<IReadOnlyList<CodeAction>> ActionsAsync(string id)
    {
        Diagnostic diagnostic = (await DiagnosticsAsync()).First(each => each.Id == id);
        Document document = _solution.GetDocument(diagnostic.Location.SourceTree)!;
        List<CodeAction> actions = [];
        foreach (CodeFixProvider provider in s_providers.Where(each => each.FixableDiagnosticIds.Contains(id)))
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));

        return actions;
    }
}
