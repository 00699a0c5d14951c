using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Parsing;

internal static class SymbolExtensions
{
    /// <summary>Whether a type, or the definition it is constructed from, has this full metadata name. Allocates nothing.</summary>
    public static bool Is(this ITypeSymbol? type, string metadataName)
    {
        int end = metadataName.Length;
        for (ISymbol? part = type; part is not (null or INamespaceSymbol { IsGlobalNamespace: true }); part = part.ContainingSymbol)
        {
            string name = part.MetadataName;
            int start = end - name.Length;
            if (start < 0
                || string.CompareOrdinal(metadataName, start, name, 0, name.Length) != 0
                || (start > 0 && metadataName[start - 1] != '.'))
            {
                return false;
            }

            end = start - 1;
        }

        return type is not null && end == -1;
    }

    public static bool Has(this ISymbol symbol, string attribute) => symbol.Find(attribute) is not null;

    public static AttributeData? Find(this ISymbol symbol, string attribute)
        => symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass.Is(attribute));

    /// <summary>Whether the compiler refuses to name a symbol: it is obsolete, and that is an error.</summary>
    public static bool IsRefused(this ISymbol symbol)
        => symbol.Find(KnownNames.Obsolete) is { ConstructorArguments: { Length: 2 } arguments } && arguments[1].Value is true;

    /// <summary>Where a symbol is named in source, or <see langword="null"/>.</summary>
    public static Location? SourceLocation(this ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource);

    /// <summary>Where the declaration of a parameter is, from its first modifier to its name.</summary>
    public static Location? DeclarationLocation(this IParameterSymbol parameter, CancellationToken cancellation)
        => parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation).GetLocation() ?? parameter.SourceLocation();

    /// <summary>A type and the types around it, the outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> FromOutermost(this INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> types = new();
        for (INamedTypeSymbol? each = type; each is not null; each = each.ContainingType)
        {
            types.Push(each);
        }

        return types;
    }

    /// <summary>A type and what it inherits from, itself first.</summary>
    public static IEnumerable<ITypeSymbol> SelfAndBases(this ITypeSymbol type)
    {
        for (ITypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            yield return each;
        }
    }

    /// <summary>The name with <c>@</c>, so that every name can be written.</summary>
    public static string Escaped(this ISymbol symbol) => "@" + symbol.Name;

    public static string Literal(this string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
