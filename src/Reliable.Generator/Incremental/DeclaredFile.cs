using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>What one version of a file declares. Read once, and without the compiler's help: from its text alone.</summary>
internal sealed class DeclaredFile
{
    private static readonly ConditionalWeakTable<SyntaxTree, DeclaredFile> s_ofTree = new();
    private static readonly string[] s_framework = ["System", "Microsoft", "Reliable"];

    private readonly SyntaxTree _tree;
    private readonly CompilationUnitSyntax _root;
    private readonly ImmutableArray<DeclaredType>.Builder _types = ImmutableArray.CreateBuilder<DeclaredType>();
    private readonly List<UsingDirectiveSyntax> _usings = [];
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private readonly Lazy<SyntaxNode> _surroundings;
    private readonly Lazy<string?> _nullability;
    private int _blocks;

    private DeclaredFile(SyntaxTree tree)
    {
        _tree = tree;
        _root = (CompilationUnitSyntax)tree.GetRoot();
        _usings.AddRange(_root.Usings);
        Read(_root.Members, "", block: 0);
        Types = _types.ToImmutable();
        _surroundings = new Lazy<SyntaxNode>(() => SurroundingsRewriter.Of(_root));
        _nullability = new Lazy<string?>(() => FileNullability.Of(_root));
    }

    /// <summary>In the order in which they stand.</summary>
    public ImmutableArray<DeclaredType> Types { get; }

    /// <summary>The full names of its namespaces, and of those around them.</summary>
    public IReadOnlyCollection<string> Namespaces => _namespaces;

    public IEnumerable<UsingDirectiveSyntax> Usings => _usings;

    /// <summary>What it says of all files: global usings, and attributes of the assembly.</summary>
    public IEnumerable<SyntaxNode> ForAll
        => _root.Usings.Where(static each => each.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)).Concat<SyntaxNode>(_root.AttributeLists);

    /// <summary>Whether it has statements of its own, and with them a part of the type <c>Program</c>.</summary>
    public bool HasStatements => _root.Members.Any(SyntaxKind.GlobalStatement);

    public static DeclaredFile Of(SyntaxTree tree) => s_ofTree.GetValue(tree, static each => new DeclaredFile(each));

    /// <summary>The type of the file that a node stands in, the outermost, or <see langword="null"/>.</summary>
    public DeclaredType? TypeAround(SyntaxNode node)
    {
        SyntaxNode outermost = node;
        for (SyntaxNode? each = node; each is not null; each = each.Parent)
        {
            outermost = each is BaseTypeDeclarationSyntax ? each : outermost;
        }

        foreach (DeclaredType type in Types)
        {
            if (type.Node == outermost)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Whether what stands around the types is the same in another version, so that the types can be compared one by one.</summary>
    public bool HasSameSurroundings(DeclaredFile other)
        => _tree.FilePath == other._tree.FilePath
            && _tree.Options.Equals(other._tree.Options)
            && _nullability.Value is { } nullability
            && nullability == other._nullability.Value
            && HasStatements == other.HasStatements
            && SyntaxFactory.AreEquivalent(_surroundings.Value, other._surroundings.Value, topLevel: false);

    private void Read(SyntaxList<MemberDeclarationSyntax> members, string space, int block)
    {
        bool isOfTheFramework = s_framework.Any(name => space == name || space.StartsWith(name + ".", StringComparison.Ordinal));
        foreach (MemberDeclarationSyntax member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax inner:
                    _usings.AddRange(inner.Usings);
                    Read(inner.Members, Enter(inner.Name, space), ++_blocks);
                    break;
                case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                    _types.Add(new DeclaredType(member, this, block, isOfTheFramework));
                    break;
            }
        }
    }

    private string Enter(NameSyntax name, string space)
    {
        foreach (SyntaxToken token in name.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.IdentifierToken)))
        {
            space = space.Length == 0 ? token.ValueText : $"{space}.{token.ValueText}";
            _namespaces.Add(space);
        }

        return space;
    }
}
