using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Parsing;

/// <summary>
/// The warnings that come with naming obsolete or experimental types and members. The user has accepted them where the signature was written; the
/// generated file only repeats it.
/// </summary>
internal static class SuppressedWarnings
{
    public static EquatableArray<string> Of(IEnumerable<ISymbol> symbols)
    {
        SortedSet<string> ids = new(StringComparer.Ordinal);
        foreach (ISymbol symbol in symbols)
        {
            Add(symbol, ids);
        }

        return ids.ToEquatableArray();
    }

    /// <summary>A method with the types of its signature.</summary>
    public static IEnumerable<ISymbol> Signature(IMethodSymbol method)
        => method.Parameters.Select(static parameter => (ISymbol)parameter.Type).Append(method.ReturnType).Append(method);

    private static void Add(ISymbol symbol, SortedSet<string> ids)
    {
        switch (symbol)
        {
            case IArrayTypeSymbol array:
                Add(array.ElementType, ids);
                return;
            case INamedTypeSymbol named:
                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    Add(argument, ids);
                }

                break;
        }

        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.Is(KnownNames.Experimental) && attribute.ConstructorArguments.FirstOrDefault().Value is string id)
            {
                ids.Add(id);
            }
            else if (attribute.AttributeClass.Is(KnownNames.Obsolete))
            {
                string? named = attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "DiagnosticId").Value.Value as string;
                ids.Add(named ?? (attribute.ConstructorArguments.IsEmpty ? "CS0612" : "CS0618"));
            }
        }

        if (symbol is INamedTypeSymbol { ContainingType: { } containing })
        {
            Add(containing, ids);
        }
    }
}
