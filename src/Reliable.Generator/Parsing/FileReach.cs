using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>Which types a file of its own cannot name: those of another file only, and those of an assembly that is known by an extern alias alone.</summary>
internal static class FileReach
{
    private static readonly ConditionalWeakTable<Compilation, HashSet<IAssemblySymbol>> s_aliased = new();

    public static bool IsOutOfReach(INamedTypeSymbol type, Compilation compilation)
        => type.FromOutermost().Any(static each => each.IsFileLocal)
            || (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) && Aliased(compilation).Contains(type.ContainingAssembly));

    private static HashSet<IAssemblySymbol> Aliased(Compilation compilation) => s_aliased.GetValue(compilation, static each => new HashSet<IAssemblySymbol>(
        each.References
            .Where(static reference => !reference.Properties.Aliases.IsEmpty && !reference.Properties.Aliases.Contains(MetadataReferenceProperties.GlobalAlias))
            .Select(each.GetAssemblyOrModuleSymbol)
            .OfType<IAssemblySymbol>(),
        SymbolEqualityComparer.Default));
}
