using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Benchmarks.Generator;

/// <summary>A project of so many annotated methods, ten to a class and one class to a file, as an editor has it.</summary>
internal sealed class GeneratedProject
{
    private const int MethodsPerFile = 10;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp13);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("Reliable.Generator", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    // More than a run asks for: a version that was seen before would be known, as none is that someone types.
    private const int Versions = 400;

    private readonly SyntaxTree[] _trees;
    private readonly SyntaxTree[] _bodies;
    private readonly SyntaxTree[] _attributes;
    private readonly SyntaxTree[] _declarations;

    public GeneratedProject(int methods)
    {
        _trees = [.. Enumerable.Range(0, methods / MethodsPerFile).Select(static file => Parse(file, "question"))];
        Compilation = Compile(_trees);
        _bodies = [.. Enumerable.Range(1, Versions).Select(static edit => Parse(0, string.Create(CultureInfo.InvariantCulture, $"question + {edit}")))];
        _attributes = [.. Enumerable.Range(1, Versions).Select(static edit => Parse(0, "question", amount: edit))];
        _declarations = [.. Enumerable.Range(1, Versions).Select(static edit => Parse(0, "question", string.Create(CultureInfo.InvariantCulture, $"    public int Count{edit} {{ get; set; }}")))];
    }

    public CSharpCompilation Compilation { get; }

    /// <summary>The same project in files that were never seen before, as a compiler that starts has them.</summary>
    public CSharpCompilation Anew() => Compile([.. _trees.Select(static tree => CSharpSyntaxTree.Create((CSharpSyntaxNode)tree.GetRoot(), s_parse, tree.FilePath))]);

    /// <summary>The project after a change inside one Core method, as after a keystroke: nothing that was bound before is kept.</summary>
    public CSharpCompilation AfterBodyEdit(int edit) => After(_bodies[edit]);

    /// <summary>The project after a change of one attribute.</summary>
    public CSharpCompilation AfterAttributeEdit(int edit) => After(_attributes[edit]);

    /// <summary>The project after a property was added to a class.</summary>
    public CSharpCompilation AfterDeclarationEdit(int edit) => After(_declarations[edit]);

    public static GeneratorDriver Driver(IIncrementalGenerator generator)
        => CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: s_parse);

    private CSharpCompilation After(SyntaxTree edited) => Compilation.ReplaceSyntaxTree(_trees[0], edited);

    private static CSharpCompilation Compile(SyntaxTree[] trees)
        => CSharpCompilation.Create("Project", trees, s_references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static SyntaxTree Parse(int file, string body, string member = "", int amount = 1)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            using System.Threading;
            using System.Threading.Tasks;
            using Reliable;

            namespace Shop.Assistants;

            public sealed partial class Assistant{{file}}(ReliableRuntime reliable)
            {
            """);
        for (int method = 0; method < MethodsPerFile; method++)
        {
            // Only the first method differs between two versions.
            (int charged, string answer) = method == 0 ? (amount, body) : (1, "question");
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                    [Retry(MaxRetries = 3, Fallback = nameof(Simply{{method}}Async)), ValidateResponse(MinLength = 10), UsageTransaction(Amount = {{charged}})]
                    public partial Task<string> Ask{{method}}Async(string userId, string question, CancellationToken cancellationToken = default);

                    private Task<string> Ask{{method}}CoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
                        => Task.FromResult({{answer}});

                    private Task<string> Simply{{method}}Async(string userId, string question) => Task.FromResult(question);

                """);
        }

        return CSharpSyntaxTree.ParseText(text.AppendLine(member).AppendLine("}").ToString(), s_parse, path: $"/project/Assistant{file.ToString(CultureInfo.InvariantCulture)}.cs");
    }
}
