using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>
/// Every name that a declaration looks up, found or not, outside of its bodies. Whatever a declaration means, the compiler finds it by one of these names, or by one
/// that is mentioned where such a name leads to.
/// </summary>
internal sealed class MentionedNames : CSharpSyntaxWalker
{
    private readonly HashSet<string> _names = [];

    private MentionedNames()
    {
    }

    public static HashSet<string> In(IEnumerable<SyntaxNode> declarations)
    {
        MentionedNames mentioned = new();
        foreach (SyntaxNode declaration in declarations)
        {
            mentioned.Visit(declaration);
        }

        return mentioned._names;
    }

    /// <inheritdoc/>
    public override void VisitIdentifierName(IdentifierNameSyntax node) => _names.Add(node.Identifier.ValueText);

    /// <inheritdoc/>
    public override void VisitGenericName(GenericNameSyntax node)
    {
        _names.Add(node.Identifier.ValueText);
        base.VisitGenericName(node);
    }

    /// <inheritdoc/>
    public override void VisitBlock(BlockSyntax node)
    {
    }

    /// <inheritdoc/>
    public override void VisitArrowExpressionClause(ArrowExpressionClauseSyntax node)
    {
    }

    /// <inheritdoc/>
    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (node.Modifiers.Any(SyntaxKind.ConstKeyword))
        {
            base.VisitFieldDeclaration(node);
            return;
        }

        foreach (AttributeListSyntax attributes in node.AttributeLists)
        {
            Visit(attributes);
        }

        // Whatever it is set to.
        Visit(node.Declaration.Type);
    }

    /// <inheritdoc/>
    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        foreach (SyntaxNode part in node.ChildNodes())
        {
            if (part != node.Initializer)
            {
                Visit(part);
            }
        }
    }
}
