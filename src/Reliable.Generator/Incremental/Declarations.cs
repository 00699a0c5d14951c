using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Incremental;

/// <summary>
/// What a compilation declares, apart from the inside of its bodies. Two compilations with the same declarations have the same object, however many keystrokes lie
/// between them.
/// </summary>
internal sealed class Declarations
{
    private static readonly ConditionalWeakTable<Compilation, Declarations> s_ofCompilation = new();

    // How the next compilation finds the one before it: all its files but one are the same.
    private static readonly ConditionalWeakTable<SyntaxTree, Declarations> s_ofTree = new();

    private readonly ImmutableArray<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private readonly string? _assemblyName;
    private ImmutableArray<SyntaxTree> _trees;

    private Declarations(Compilation compilation)
    {
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
        _assemblyName = compilation.AssemblyName;
        _trees = [.. compilation.SyntaxTrees];
    }

    public static Declarations Of(Compilation compilation) => s_ofCompilation.GetValue(compilation, Find);

    private static Declarations Find(Compilation compilation)
    {
        ImmutableArray<SyntaxTree> trees = [.. compilation.SyntaxTrees];
        Declarations? before = null;
        foreach (SyntaxTree tree in trees)
        {
            if (s_ofTree.TryGetValue(tree, out before))
            {
                break;
            }
        }

        Declarations now = before is not null && before.TryAdvance(compilation, trees) ? before : new Declarations(compilation);
        foreach (SyntaxTree tree in trees)
        {
            if (!s_ofTree.TryGetValue(tree, out Declarations? known) || known != now)
            {
                s_ofTree.Remove(tree);
                s_ofTree.GetValue(tree, _ => now);
            }
        }

        return now;
    }

    /// <summary>Whether a compilation declares the same; then its files are what the next one is compared with.</summary>
    private bool TryAdvance(Compilation compilation, ImmutableArray<SyntaxTree> trees)
    {
        lock (s_ofTree)
        {
            if (trees.Length != _trees.Length
                || compilation.AssemblyName != _assemblyName
                || !compilation.Options.Equals(_options)
                || !compilation.ExternalReferences.SequenceEqual(_references))
            {
                return false;
            }

            for (int index = 0; index < trees.Length; index++)
            {
                if (!DeclarationComparer.AreSame(_trees[index], trees[index]))
                {
                    return false;
                }
            }

            _trees = trees;
            return true;
        }
    }
}
