using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>Whether two versions of a file mean the same to the methods of all other files.</summary>
internal static class DeclarationComparer
{
    private static readonly HashSet<string> s_attributes =
    [
        .. KnownNames.CallAttributes.Select(static name => name.Substring(name.LastIndexOf('.') + 1)),
        .. KnownNames.CallAttributes.Select(static name => name.Substring(name.LastIndexOf('.') + 1, name.Length - name.LastIndexOf('.') - 1 - nameof(Attribute).Length)),
    ];

    public static bool AreSame(SyntaxTree before, SyntaxTree after)
    {
        if (ReferenceEquals(before, after))
        {
            return true;
        }

        if (before.FilePath != after.FilePath || !before.Options.Equals(after.Options))
        {
            return false;
        }

        SyntaxNode old = before.GetRoot();
        SyntaxNode now = after.GetRoot();

        // Where a file says it, nullability is not part of what is compared.
        return !SaysNullable(old) && !SaysNullable(now)
            && (SyntaxFactory.AreEquivalent(old, now, topLevel: true) || SyntaxFactory.AreEquivalent(WithoutValues(old), WithoutValues(now), topLevel: true));
    }

    private static bool SaysNullable(SyntaxNode root)
        => root.ContainsDirectives && root.DescendantTrivia(static node => node.ContainsDirectives).Any(static trivia => trivia.IsKind(SyntaxKind.NullableDirectiveTrivia));

    /// <summary>
    /// Leaves out the values of the annotations of methods: to other methods it matters only that there is one. Not so in an interface, of which all annotations are
    /// read together, and those of the interfaces it inherits.
    /// </summary>
    private static SyntaxNode WithoutValues(SyntaxNode root)
        => root.ReplaceNodes(
            root.DescendantNodes(static node => node is not (BlockSyntax or ArrowExpressionClauseSyntax)).OfType<AttributeSyntax>().Where(IsAnnotation),
            static (_, attribute) => attribute.WithArgumentList(null));

    private static bool IsAnnotation(AttributeSyntax attribute)
        => attribute is { ArgumentList: not null, Parent.Parent: MethodDeclarationSyntax { Parent: ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax } }
            && s_attributes.Contains(SimpleName(attribute.Name));

    private static string SimpleName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
