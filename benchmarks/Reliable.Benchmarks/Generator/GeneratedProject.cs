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

    private readonly CSharpCompilation[] _afterBody;
    private readonly CSharpCompilation[] _afterAttribute;
    private readonly CSharpCompilation[] _afterDeclaration;

    public GeneratedProject(int methods)
    {
        SyntaxTree[] trees = [.. Enumerable.Range(0, methods / MethodsPerFile).Select(static file => Parse(file, 3, "question"))];
        Compilation = CSharpCompilation.Create("Project", trees, s_references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        // Two of each, so that every edit is one: the driver goes to and fro between them.
        _afterBody = [Compilation, Compilation.ReplaceSyntaxTree(trees[0], Parse(0, 3, "question + question"))];
        _afterAttribute = [Compilation, Compilation.ReplaceSyntaxTree(trees[0], Parse(0, 2, "question"))];
        _afterDeclaration = [Compilation, Compilation.ReplaceSyntaxTree(trees[0], Parse(0, 3, "question", "    public int Count { get; set; }"))];
    }

    public CSharpCompilation Compilation { get; }

    /// <summary>The project after a change inside one Core method, as after a keystroke: nothing that was bound before is kept.</summary>
    public CSharpCompilation AfterBodyEdit(int edit) => _afterBody[edit & 1].Clone();

    /// <summary>The project after a change of one attribute.</summary>
    public CSharpCompilation AfterAttributeEdit(int edit) => _afterAttribute[edit & 1].Clone();

    /// <summary>The project after a property was added to a class.</summary>
    public CSharpCompilation AfterDeclarationEdit(int edit) => _afterDeclaration[edit & 1].Clone();

    public static GeneratorDriver Driver(IIncrementalGenerator generator)
        => CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: s_parse);

    private static SyntaxTree Parse(int file, int retries, string body, string member = "")
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
            // Only the first method differs between two states.
            (int max, string answer) = method == 0 ? (retries, body) : (3, "question");
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                    [Retry(MaxRetries = {{max}}, Fallback = nameof(Simply{{method}}Async)), ValidateResponse(MinLength = 10), UsageTransaction]
                    public partial Task<string> Ask{{method}}Async(string userId, string question, CancellationToken cancellationToken = default);

                    private Task<string> Ask{{method}}CoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
                        => Task.FromResult({{answer}});

                    private Task<string> Simply{{method}}Async(string userId, string question) => Task.FromResult(question);

                """);
        }

        return CSharpSyntaxTree.ParseText(text.AppendLine(member).AppendLine("}").ToString(), s_parse, path: $"/project/Assistant{file.ToString(CultureInfo.InvariantCulture)}.cs");
    }
}
