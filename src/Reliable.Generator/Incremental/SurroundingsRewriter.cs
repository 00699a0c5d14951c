using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>Leaves of a file what stands around its types: usings, aliases, namespaces and attributes of the assembly.</summary>
internal sealed class SurroundingsRewriter : DeclarationRewriter
{
    public static SyntaxNode Of(CompilationUnitSyntax file) => new SurroundingsRewriter().Visit(file)!;

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node)
        => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or GlobalStatementSyntax ? null : base.Visit(node);
}
