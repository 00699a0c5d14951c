using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>A type that a file declares, with what is nested in it.</summary>
internal sealed class DeclaredType
{
    private readonly DeclaredFile _file;
    private readonly int _block;
    private readonly Lazy<SyntaxNode> _stripped;
    private readonly Lazy<HashSet<string>> _mentioned;

    /// <param name="node">Its declaration.</param>
    /// <param name="file">The file.</param>
    /// <param name="block">Which of the file's namespace declarations it stands in: their usings differ.</param>
    /// <param name="isOfTheFramework">Whether it is in a namespace where it may stand for a type of the framework or of Reliable.</param>
    public DeclaredType(MemberDeclarationSyntax node, DeclaredFile file, int block, bool isOfTheFramework)
    {
        Node = node;
        _file = file;
        _block = block;
        Names = DeclaredNames.Of(node);
        ConcernsAll = isOfTheFramework || Names.Any(static name => name.StartsWith("Reliable", StringComparison.Ordinal)) || HasUnderscore(node);
        _stripped = new Lazy<SyntaxNode>(() => DeclarationRewriter.Strip(node));
        _mentioned = new Lazy<HashSet<string>>(Mention);
    }

    public MemberDeclarationSyntax Node { get; }

    /// <summary>The names by which it is found, and what is nested in it.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Whether it may matter to methods that do not mention it: types that are looked up by their full name, and those beside which a generated name must be free.</summary>
    public bool ConcernsAll { get; }

    /// <summary>What it mentions, itself included: it may be declared in parts.</summary>
    public HashSet<string> Mentioned => _mentioned.Value;

    /// <summary>Whether another version of it says the same to others. What stands around both must be the same.</summary>
    public bool IsSame(DeclaredType other)
        => ReferenceEquals(this, other)
            || (_block == other._block

                // The compiler's own comparison of what is top-level takes no notice of a constant, or a default value, that follows a field.
                && (Node.IsIncrementallyIdenticalTo(other.Node) || SyntaxFactory.AreEquivalent(_stripped.Value, other._stripped.Value, topLevel: false)));

    private HashSet<string> Mention()
    {
        HashSet<string> names = MentionedNames.In([.. _file.Usings, Node]);
        foreach (string name in Names)
        {
            names.Add(name);

            // Whether the decorator of IThing may be called Thing depends on what else is.
            if (name.Length > 1 && name[0] == 'I')
            {
                names.Add(name.Substring(1));
            }
        }

        return names;
    }

    /// <summary>An interface whose name may be that of the decorator of a nested one.</summary>
    private static bool HasUnderscore(MemberDeclarationSyntax node)
        => node is InterfaceDeclarationSyntax declaration && declaration.Identifier.ValueText.IndexOf('_') >= 0;
}
