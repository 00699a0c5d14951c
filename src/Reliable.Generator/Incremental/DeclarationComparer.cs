using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Incremental;

/// <summary>Whether two versions of a file mean the same to the methods of all other files.</summary>
internal static class DeclarationComparer
{
    private static readonly ConditionalWeakTable<SyntaxTree, SyntaxNode> s_declarations = new();

    public static bool AreSame(SyntaxTree before, SyntaxTree after)
        => ReferenceEquals(before, after)
            || (before.FilePath == after.FilePath
                && before.Options.Equals(after.Options)

                // Where a file says it, nullability is not part of what is compared.
                && !SaysNullable(before.GetRoot())
                && !SaysNullable(after.GetRoot())

                // The compiler's own comparison of what is top-level takes no notice of a constant, or a default value, that follows a field.
                && SyntaxFactory.AreEquivalent(DeclarationsOf(before), DeclarationsOf(after), topLevel: false));

    private static SyntaxNode DeclarationsOf(SyntaxTree tree) => s_declarations.GetValue(tree, static each => new DeclarationRewriter().Visit(each.GetRoot()));

    private static bool SaysNullable(SyntaxNode root)
        => root.ContainsDirectives && root.DescendantTrivia(static node => node.ContainsDirectives).Any(static trivia => trivia.IsKind(SyntaxKind.NullableDirectiveTrivia));
}
