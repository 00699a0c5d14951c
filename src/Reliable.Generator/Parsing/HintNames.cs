using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>
/// The names of generated files: what a person would call them, and a hash of the symbol's identity where that would not be enough. File names are
/// compared without case, and only some characters may be in them.
/// </summary>
internal static class HintNames
{
    // Asked for every method of every type, so that the types beside it are looked at once.
    private static readonly ConditionalWeakTable<INamespaceOrTypeSymbol, HashSet<string>> s_ambiguous = new();

    public static string Of(IMethodSymbol method)
    {
        bool isAmbiguous = IsAmbiguous(method.ContainingType)
            || method.ContainingType.GetMembers().Any(other => other is IMethodSymbol && SameIgnoringCase(other, method) && !Same(other, method));
        return Write($"{TypeName(method.ContainingType)}.{method.Name}", method, isAmbiguous);
    }

    public static string Of(INamedTypeSymbol type) => Write(TypeName(type), type, IsAmbiguous(type));

    private static string Write(string name, ISymbol symbol, bool isAmbiguous)
    {
        StringBuilder text = new(name.Length + 16);
        foreach (char each in name)
        {
            bool isAllowed = char.IsLetterOrDigit(each) || each is '.' or '_' or '-';
            isAmbiguous |= !isAllowed;
            text.Append(isAllowed ? each : '_');
        }

        if (isAmbiguous)
        {
            text.Append('.').Append(Hash(symbol.GetDocumentationCommentId() ?? symbol.ToDisplayString()).ToString("x8", CultureInfo.InvariantCulture));
        }

        return text.Append(".g.cs").ToString();
    }

    private static string TypeName(INamedTypeSymbol type)
    {
        IEnumerable<string> types = type.FromOutermost().Select(static each => each.Arity == 0 ? each.Name : $"{each.Name}-{each.Arity}");
        string name = string.Join(".", types);
        return type.ContainingNamespace.IsGlobalNamespace ? name : $"{type.ContainingNamespace.ToDisplayString().Replace("@", "")}.{name}";
    }

    /// <summary>Whether another type or namespace beside this one, or beside one around it, differs only by case.</summary>
    private static bool IsAmbiguous(INamedTypeSymbol type)
    {
        for (ISymbol symbol = type; symbol is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false }; symbol = symbol.ContainingSymbol)
        {
            if (symbol.ContainingSymbol is INamespaceOrTypeSymbol around && s_ambiguous.GetValue(around, AmbiguousIn).Contains(symbol.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The names of types, and those of namespaces, that are in one place more than once when case does not count.</summary>
    private static HashSet<string> AmbiguousIn(INamespaceOrTypeSymbol around)
    {
        IEnumerable<string> types = around.GetTypeMembers().Select(static type => type.Name);
        IEnumerable<string> spaces = around is INamespaceSymbol space ? space.GetNamespaceMembers().Select(static each => each.Name) : [];
        return new(
            new[] { types, spaces }
                .SelectMany(static names => names.Distinct(StringComparer.Ordinal).GroupBy(static name => name, StringComparer.OrdinalIgnoreCase))
                .Where(static group => group.Count() > 1)
                .SelectMany(static group => group),
            StringComparer.Ordinal);
    }

    private static bool SameIgnoringCase(ISymbol one, ISymbol other) => string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    /// <summary>FNV-1a: the same on every machine, unlike the framework's own hash of a string.</summary>
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char each in text)
        {
            hash = unchecked((hash ^ each) * 16777619);
        }

        return hash;
    }
}
