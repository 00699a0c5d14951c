using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Incremental;

/// <summary>What was read from the methods of one version of one type.</summary>
internal sealed class KeptResults
{
    private readonly Dictionary<(SyntaxNode Node, string Attribute), ParseResult?> _results = [];

    public bool TryGet(SyntaxNode node, string attribute, out ParseResult? result)
    {
        lock (_results)
        {
            return _results.TryGetValue((node, attribute), out result);
        }
    }

    public void Keep(SyntaxNode node, string attribute, ParseResult? result)
    {
        lock (_results)
        {
            _results[(node, attribute)] = result;
        }
    }

    /// <summary>
    /// What of it is true of a later version that says the same to others: the methods that are written alike, down to their comments. A diagnostic has its place in the
    /// version that it was found in.
    /// </summary>
    public KeptResults For(DeclaredType before, DeclaredType after)
    {
        Dictionary<SyntaxNode, SyntaxNode> methods = MethodsOf(before)
            .Zip(MethodsOf(after), static (one, other) => (one, other))
            .Where(static pair => pair.one.IsEquivalentTo(pair.other))
            .ToDictionary(static pair => (SyntaxNode)pair.one, static pair => (SyntaxNode)pair.other);
        KeptResults kept = new();
        lock (_results)
        {
            foreach (KeyValuePair<(SyntaxNode Node, string Attribute), ParseResult?> each in _results)
            {
                if (each.Value is null or { Diagnostics.Count: 0 } && methods.TryGetValue(each.Key.Node, out SyntaxNode? node))
                {
                    kept.Keep(node, each.Key.Attribute, each.Value);
                }
            }
        }

        return kept;
    }

    private static IEnumerable<MethodDeclarationSyntax> MethodsOf(DeclaredType type)
        => type.Node.DescendantNodesAndSelf(static node => node is TypeDeclarationSyntax).OfType<MethodDeclarationSyntax>();
}
