using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Parsing;

/// <summary>
/// The warnings that come with repeating a signature: with naming obsolete or experimental types and members, and with what the signature promises or hides. The user
/// has accepted them where it was written.
/// </summary>
internal static class SuppressedWarnings
{
    private const string ShadowedTypeParameter = "CS0693";

    /// <summary>What a method promises about nulls and returning: the compiler cannot see that Core keeps it.</summary>
    private static readonly (string Attribute, string Warning)[] s_promises =
    [
        (KnownNames.NotNull, "CS8777"),
        (KnownNames.MemberNotNull, "CS8774"),
        (KnownNames.DoesNotReturn, "CS8763"),
    ];

    /// <summary>What a public type of ours is in an assembly that promises to keep to the common language specification.</summary>
    private static readonly string[] s_notCompliant = ["CS3001", "CS3002", "CS3003", "CS3024"];

    public static EquatableArray<string> Of(IEnumerable<ISymbol> symbols)
    {
        SortedSet<string> ids = new(StringComparer.Ordinal);
        foreach (ISymbol symbol in symbols)
        {
            Add(symbol, ids);
        }

        return ids.ToEquatableArray();
    }

    /// <summary>Those of a decorator, which is a public type where its interface is.</summary>
    public static EquatableArray<string> OfPublic(IEnumerable<ISymbol> symbols, IAssemblySymbol assembly)
        => assembly.Find(KnownNames.ClsCompliant) is { ConstructorArguments: { Length: 1 } arguments } && arguments[0].Value is true
            ? Of(symbols).Concat(s_notCompliant).OrderBy(static id => id, StringComparer.Ordinal).ToEquatableArray()
            : Of(symbols);

    /// <summary>A method with the types of its signature.</summary>
    public static IEnumerable<ISymbol> Signature(IMethodSymbol method)
        => method.Parameters.Select(static parameter => (ISymbol)parameter.Type)
            .Concat(method.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes))
            .Append(method.ReturnType)
            .Append(method);

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

                ids.UnionWith(named.TypeParameters.Where(parameter => IsShadowing(parameter, named.ContainingType)).Select(static _ => ShadowedTypeParameter));
                break;
            case IMethodSymbol method:
                ids.UnionWith(method.TypeParameters.Where(parameter => IsShadowing(parameter, method.ContainingType)).Select(static _ => ShadowedTypeParameter));
                AddPromises(method, ids);
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

    private static void AddPromises(IMethodSymbol method, SortedSet<string> ids)
    {
        foreach ((string attribute, string warning) in s_promises)
        {
            if (method.Has(attribute) || method.Parameters.Any(parameter => parameter.Has(attribute)))
            {
                ids.Add(warning);
            }
        }
    }

    private static bool IsShadowing(ITypeParameterSymbol parameter, INamedTypeSymbol? around)
        => around is not null && around.FromOutermost().Any(type => type.TypeParameters.Any(other => other.Name == parameter.Name));
}
