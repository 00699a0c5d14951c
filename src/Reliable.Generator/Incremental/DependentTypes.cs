using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Incremental;

/// <summary>
/// Finds the types that may mean something else because of what changed. It goes by names alone: a type depends on all types that have a name which it mentions, and
/// on all that these depend on. More types may be found than need be, never fewer.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The compiler finds a type by a name that is written in a declaration, never otherwise; the members of a type through it, its bases and its other parts.</item>
/// <item>What has no name in a declaration, such as the framework's own types, is not declared in files, or <see cref="DeclaredType.ConcernsAll"/>.</item>
/// <item>A name that is mentioned and not found is as good as one that is: the type that it will mean may come.</item>
/// </list>
/// </remarks>
internal static class DependentTypes
{
    /// <param name="types">The types that are asked about.</param>
    /// <param name="files">All files, as they were.</param>
    /// <param name="changed">The names of what changed, came or went.</param>
    public static HashSet<DeclaredType> Find(IEnumerable<DeclaredType> types, ImmutableArray<SyntaxTree> files, IReadOnlyCollection<string> changed)
    {
        HashSet<string> mentionedByAll = MentionedNames.In(files.SelectMany(static file => DeclaredFile.Of(file).ForAll));
        HashSet<string> names = [.. changed];
        List<DeclaredType> reached = Reach(types, files, mentionedByAll);
        HashSet<DeclaredType> found = [];
        for (bool hasGrown = true; hasGrown;)
        {
            hasGrown = false;
            bool isForAll = mentionedByAll.Overlaps(names);
            foreach (DeclaredType type in reached.Where(each => !found.Contains(each) && (isForAll || Mentions(each, names))))
            {
                found.Add(type);
                names.UnionWith(type.Names);
                hasGrown = true;
            }
        }

        // Names of files are compared without case.
        HashSet<string> similar = new(changed, StringComparer.OrdinalIgnoreCase);
        found.UnionWith(types.Where(type => similar.Overlaps(type.Names)));
        return found;
    }

    private static bool Mentions(DeclaredType type, HashSet<string> names)
        => names.Count < type.Mentioned.Count ? type.Mentioned.Overlaps(names) : names.Overlaps(type.Mentioned);

    /// <summary>The types and all that they may depend on.</summary>
    private static List<DeclaredType> Reach(IEnumerable<DeclaredType> types, ImmutableArray<SyntaxTree> files, HashSet<string> mentionedByAll)
    {
        ILookup<string, DeclaredType> byName = files
            .SelectMany(static file => DeclaredFile.Of(file).Types)
            .SelectMany(static type => type.Names, static (type, name) => (type, name))
            .ToLookup(static each => each.name, static each => each.type);
        List<DeclaredType> reached = [.. types];
        HashSet<DeclaredType> seen = [.. reached];
        HashSet<string> asked = [];
        Ask(mentionedByAll);
        for (int index = 0; index < reached.Count; index++)
        {
            Ask(reached[index].Mentioned);
        }

        return reached;

        void Ask(HashSet<string> names) => reached.AddRange(names.Where(asked.Add).SelectMany(name => byName[name]).Where(seen.Add));
    }
}
