using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Reliable.Generator.Incremental;
using Reliable.Generator.Parsing;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Incremental;

/// <summary>A project in an editor: files that are replaced by edited ones, and a generator that is run after each edit.</summary>
internal sealed class EditedProject
{
    private readonly ConsumerOptions _options;
    private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private GeneratorDriver _driver;
    private CSharpCompilation _compilation;

    public EditedProject(IReadOnlyDictionary<string, string> texts, ConsumerOptions? options = null)
    {
        _options = options ?? new ConsumerOptions();
        foreach ((string path, string text) in texts)
        {
            _texts.Add(path, text);
        }

        _compilation = Compile();
        _driver = GeneratorHarness.Driver(_options).RunGenerators(_compilation);
    }

    public GeneratorDriverRunResult Result => _driver.GetRunResult();

    /// <summary>Replaces, adds or (with no text) removes a file, as an editor does, and runs the generator.</summary>
    public void Edit(string path, string? text)
    {
        Type(path, text);
        Run();
    }

    /// <summary>The same, before the generator is run.</summary>
    public void Type(string path, string? text)
    {
        SyntaxTree? before = _compilation.SyntaxTrees.SingleOrDefault(tree => tree.FilePath == path);
        if (text is null)
        {
            _texts.Remove(path);
            _compilation = _compilation.RemoveSyntaxTrees(before!);
        }
        else
        {
            _texts[path] = text;
            _compilation = before is null
                ? _compilation.AddSyntaxTrees(Parse(path))
                : _compilation.ReplaceSyntaxTree(before, before.WithChangedText(SourceText.From(text)));
        }
    }

    /// <summary>The annotated methods of which nothing has to be read again in the project as it is now.</summary>
    public IEnumerable<string> Kept() => _compilation.SyntaxTrees
        .SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
        .Where(method => KnownNames.CallAttributes.Any(attribute => ParseCache.Find(_compilation, method)!.TryGet(method, attribute, out ParseResult? result) && result is not null))
        .Select(static method => method.Identifier.ValueText);

    /// <summary>Changes how the project is compiled, and runs the generator.</summary>
    public void Change(Func<CSharpCompilation, CSharpCompilation> change)
    {
        _compilation = change(_compilation);
        Run();
    }

    /// <summary>Asserts that the generator that saw every edit says what one says that starts now.</summary>
    public void AssertAsFresh(string edit)
    {
        GeneratorHarness.AssertNothingThrown(Result);

        // Neither the files nor the options are those that the generator has seen.
        CSharpCompilation anew = _compilation.RemoveAllSyntaxTrees().WithOptions(_compilation.Options.WithModuleName("Fresh"))
            .AddSyntaxTrees(_compilation.SyntaxTrees.Select(tree => Parse(tree.FilePath)));
        GeneratorDriverRunResult fresh = GeneratorHarness.Driver(_options).RunGenerators(anew).GetRunResult();
        Assert.Equal((edit, Said(fresh)), (edit, Said(Result)));
    }

    /// <summary>All files and diagnostics as one text.</summary>
    public static string Said(GeneratorDriverRunResult result) => string.Join(
        "\n",
        result.Results[0].GeneratedSources.Select(static source => source.HintName + "\n" + source.SourceText).Order(StringComparer.Ordinal)
            .Concat(result.Diagnostics.Select(static each => each.ToString()).Order(StringComparer.Ordinal)));

    private void Run() => _driver = _driver.RunGenerators(_compilation);

    private CSharpCompilation Compile() => _options.Compile().AddSyntaxTrees(_texts.Keys.Select(Parse));

    private SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(SourceText.From(_texts[path]), _options.ParseOptions, path);
}
