using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Incremental;

/// <summary>What is declared otherwise in one list of files than in another, as the names of all types that changed, came or went.</summary>
internal sealed class DeclarationChanges
{
    private const string TypeOfStatements = "Program";

    private readonly HashSet<string> _names = [];
    private readonly List<(DeclaredType Before, DeclaredType After)> _same = [];

    private DeclarationChanges()
    {
    }

    /// <summary>Whether what changed may matter to everything.</summary>
    public bool ConcernAll { get; private set; }

    public bool AreNone => !ConcernAll && _names.Count == 0;

    public IReadOnlyCollection<string> Names => _names;

    /// <summary>The types of edited files that say the same to others as before.</summary>
    public IReadOnlyList<(DeclaredType Before, DeclaredType After)> Same => _same;

    public static DeclarationChanges Between(ImmutableArray<SyntaxTree> before, ImmutableArray<SyntaxTree> after)
    {
        DeclarationChanges changes = new();
        if (before.Length != after.Length)
        {
            changes.AddComeAndGone(before, after);
            return changes;
        }

        for (int index = 0; index < before.Length; index++)
        {
            if (!ReferenceEquals(before[index], after[index]))
            {
                changes.AddEdited(DeclaredFile.Of(before[index]), DeclaredFile.Of(after[index]));
            }
        }

        return changes;
    }

    private void AddEdited(DeclaredFile before, DeclaredFile after)
    {
        if (before.HasSameSurroundings(after))
        {
            AddEdited(before.Types, after.Types);
            return;
        }

        ConcernAll |= !new HashSet<string>(before.Namespaces).SetEquals(after.Namespaces);
        Add(before);
        Add(after);
    }

    /// <summary>Types are compared from both ends, so that one that comes or goes is the only one.</summary>
    private void AddEdited(ImmutableArray<DeclaredType> before, ImmutableArray<DeclaredType> after)
    {
        int shorter = Math.Min(before.Length, after.Length);
        int first = 0;
        while (first < shorter && AreSame(before[first], after[first]))
        {
            first++;
        }

        int last = 0;
        while (last < shorter - first && AreSame(before[before.Length - 1 - last], after[after.Length - 1 - last]))
        {
            last++;
        }

        Add(before.Skip(first).Take(before.Length - first - last));
        Add(after.Skip(first).Take(after.Length - first - last));
    }

    private bool AreSame(DeclaredType before, DeclaredType after)
    {
        bool areSame = before.IsSame(after);
        if (areSame)
        {
            _same.Add((before, after));
        }

        return areSame;
    }

    /// <summary>Files are added to a project and taken out of it at any place of the list, and their order is the order of declaration.</summary>
    private void AddComeAndGone(ImmutableArray<SyntaxTree> before, ImmutableArray<SyntaxTree> after)
    {
        int shorter = Math.Min(before.Length, after.Length);
        int first = 0;
        while (first < shorter && ReferenceEquals(before[first], after[first]))
        {
            first++;
        }

        int last = 0;
        while (last < shorter - first && ReferenceEquals(before[before.Length - 1 - last], after[after.Length - 1 - last]))
        {
            last++;
        }

        HashSet<string> namespaces = [.. before.Take(first).Concat(before.Skip(before.Length - last)).SelectMany(static tree => DeclaredFile.Of(tree).Namespaces)];
        IEnumerable<SyntaxTree> others = before.Skip(first).Take(before.Length - first - last).Concat(after.Skip(first).Take(after.Length - first - last));
        foreach (DeclaredFile file in others.Select(DeclaredFile.Of))
        {
            ConcernAll |= !namespaces.IsSupersetOf(file.Namespaces);
            Add(file);
        }
    }

    private void Add(DeclaredFile file)
    {
        ConcernAll |= file.ForAll.Any();
        Add(file.Types);
        if (file.HasStatements)
        {
            _names.Add(TypeOfStatements);
        }
    }

    private void Add(IEnumerable<DeclaredType> types)
    {
        foreach (DeclaredType type in types)
        {
            ConcernAll |= type.ConcernsAll;
            _names.UnionWith(type.Names);
        }
    }
}
