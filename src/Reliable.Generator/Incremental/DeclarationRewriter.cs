using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>Leaves out of a file what other files cannot see: the inside of bodies, the values of fields and properties, and the values of annotations of methods.</summary>
internal class DeclarationRewriter : CSharpSyntaxRewriter
{
    private static readonly BlockSyntax s_block = SyntaxFactory.Block();
    private static readonly ArrowExpressionClauseSyntax s_arrow = SyntaxFactory.ArrowExpressionClause(SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression));

    private static readonly HashSet<string> s_annotations =
    [
        .. KnownNames.CallAttributes.Select(static name => name.Substring(name.LastIndexOf('.') + 1)),
        .. KnownNames.CallAttributes.Select(static name => name.Substring(name.LastIndexOf('.') + 1, name.Length - name.LastIndexOf('.') - 1 - nameof(Attribute).Length)),
    ];

    /// <summary>What a declaration says to others.</summary>
    public static SyntaxNode Strip(SyntaxNode declaration) => new DeclarationRewriter().Visit(declaration);

    /// <inheritdoc/>
    public override SyntaxNode VisitBlock(BlockSyntax node) => s_block;

    /// <inheritdoc/>
    public override SyntaxNode VisitArrowExpressionClause(ArrowExpressionClauseSyntax node) => s_arrow;

    /// <summary>A constant's value is part of what attributes and default values say.</summary>
    public override SyntaxNode? VisitFieldDeclaration(FieldDeclarationSyntax node)
        => base.VisitFieldDeclaration(node.Modifiers.Any(SyntaxKind.ConstKeyword)
            ? node
            : node.ReplaceNodes(node.Declaration.Variables, static (_, variable) => variable.WithInitializer(null)));

    /// <inheritdoc/>
    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node)
        => base.VisitPropertyDeclaration(node.WithInitializer(null));

    /// <summary>
    /// To other methods it matters only that a method is annotated. Not so in an interface, of which all annotations are read together, and those of the interfaces it
    /// inherits.
    /// </summary>
    public override SyntaxNode? VisitAttribute(AttributeSyntax node)
        => node.Parent?.Parent is MethodDeclarationSyntax { Parent: ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax }
            && s_annotations.Contains(SimpleName(node.Name))
            ? node.WithArgumentList(null)
            : base.VisitAttribute(node);

    private static string SimpleName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
