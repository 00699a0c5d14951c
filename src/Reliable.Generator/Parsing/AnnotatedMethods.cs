using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>Which methods are annotated, and which of a method's or interface's annotations is the one it is parsed for.</summary>
internal static class AnnotatedMethods
{
    /// <summary>The attribute that a method belongs to, or <see langword="null"/> when it has none.</summary>
    public static string? OwningAttribute(IMethodSymbol method)
    {
        string? owner = null;
        int best = KnownNames.CallAttributes.Length;
        foreach (AttributeData attribute in method.GetAttributes())
        {
            for (int index = 0; index < best; index++)
            {
                if (attribute.AttributeClass.Is(KnownNames.CallAttributes[index]))
                {
                    best = index;
                    owner = KnownNames.CallAttributes[index];
                }
            }
        }

        return owner;
    }

    public static bool IsAnnotated(IMethodSymbol method) => OwningAttribute(method) is not null;

    /// <summary>The annotated methods of a type, in the order of declaration.</summary>
    public static IEnumerable<IMethodSymbol> Of(INamedTypeSymbol type)
        => type.GetMembers().OfType<IMethodSymbol>().Where(static method => method.MethodKind == MethodKind.Ordinary && IsAnnotated(method));

    /// <summary>Whether a method is the one that its type is reported or parsed for.</summary>
    public static bool IsFirst(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(Of(method.ContainingType).FirstOrDefault(), method);
}
