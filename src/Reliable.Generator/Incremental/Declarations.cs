using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Incremental;

/// <summary>
/// What a compilation declares, apart from the inside of its bodies, and what was read from its annotated methods. Two compilations with the same declarations have the
/// same object, however many keystrokes lie between them; where a declaration changed, the next object takes over what does not depend on it.
/// </summary>
internal sealed class Declarations
{
    private static readonly ConditionalWeakTable<Compilation, Declarations> s_ofCompilation = new();

    // How the next compilation finds the one before it: all its files but one are the same, and where it has no others, its options.
    private static readonly ConditionalWeakTable<SyntaxTree, Declarations> s_ofTree = new();
    private static readonly ConditionalWeakTable<CompilationOptions, Declarations> s_ofOptions = new();

    private readonly ImmutableArray<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private readonly string? _assemblyName;
    private ImmutableArray<SyntaxTree> _trees;
    private ConcurrentDictionary<DeclaredType, KeptResults> _results = new();

    private Declarations(Compilation compilation)
    {
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
        _assemblyName = compilation.AssemblyName;
        _trees = [.. compilation.SyntaxTrees];
    }

    public static Declarations Of(Compilation compilation)
    {
        if (s_ofCompilation.TryGetValue(compilation, out Declarations? known))
        {
            return known;
        }

        lock (s_ofTree)
        {
            return s_ofCompilation.GetValue(compilation, Find);
        }
    }

    public KeptResults ResultsOf(DeclaredType type) => _results.GetOrAdd(type, static _ => new KeptResults());

    private static Declarations Find(Compilation compilation)
    {
        Declarations now = Before(compilation)?.Follow(compilation) ?? new Declarations(compilation);
        Set(s_ofOptions, compilation.Options, now);
        foreach (SyntaxTree tree in now._trees)
        {
            Set(s_ofTree, tree, now);
        }

        return now;
    }

    private static Declarations? Before(Compilation compilation)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (s_ofTree.TryGetValue(tree, out Declarations? before))
            {
                return before;
            }
        }

        return s_ofOptions.TryGetValue(compilation.Options, out Declarations? last) ? last : null;
    }

    private static void Set<T>(ConditionalWeakTable<T, Declarations> table, T key, Declarations now)
        where T : class
    {
        if (!table.TryGetValue(key, out Declarations? known) || known != now)
        {
            table.Remove(key);
            table.Add(key, now);
        }
    }

    /// <summary>The declarations of a later compilation, or <see langword="null"/> where nothing can be taken over.</summary>
    private Declarations? Follow(Compilation compilation)
    {
        if (compilation.AssemblyName != _assemblyName
            || !compilation.Options.Equals(_options)
            || !compilation.ExternalReferences.SequenceEqual(_references))
        {
            return null;
        }

        ImmutableArray<SyntaxTree> trees = [.. compilation.SyntaxTrees];
        DeclarationChanges changes = DeclarationChanges.Between(_trees, trees);
        if (changes.ConcernAll)
        {
            return null;
        }

        ConcurrentDictionary<DeclaredType, KeptResults> kept = TakeOver(changes, trees);
        Declarations now = changes.AreNone ? this : new Declarations(compilation);
        now._trees = trees;
        now._results = kept;
        return now;
    }

    private ConcurrentDictionary<DeclaredType, KeptResults> TakeOver(DeclarationChanges changes, ImmutableArray<SyntaxTree> trees)
    {
        HashSet<DeclaredType> changed = changes.AreNone ? [] : DependentTypes.Find([.. _results.Keys], _trees, changes.Names);
        HashSet<SyntaxTree> present = [.. trees];
        ConcurrentDictionary<DeclaredType, KeptResults> kept = new(
            _results.Where(each => !changed.Contains(each.Key) && present.Contains(each.Key.Node.SyntaxTree)));
        foreach ((DeclaredType before, DeclaredType after) in changes.Same)
        {
            if (!changed.Contains(before) && _results.TryGetValue(before, out KeptResults? results))
            {
                kept[after] = results.For(before, after);
            }
        }

        return kept;
    }
}
