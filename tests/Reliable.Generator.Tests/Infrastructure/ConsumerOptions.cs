using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>How the project of a consumer is set up.</summary>
internal sealed record ConsumerOptions(
    LanguageVersion Language = LanguageVersion.CSharp13,
    NullableContextOptions Nullable = NullableContextOptions.Enable,
    DocumentationMode Documentation = DocumentationMode.Diagnose,
    bool HasRuntime = true,
    bool AllowUnsafe = false,
    bool ImplicitUsings = true)
{
    public CSharpParseOptions ParseOptions => new(Language, Documentation);

    public CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Consumer",
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions, path: $"/consumer/File{index}.cs")),
        HasRuntime ? References.All : References.WithoutRuntime,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, warningLevel: 9999, allowUnsafe: AllowUnsafe, nullableContextOptions: Nullable));
}
