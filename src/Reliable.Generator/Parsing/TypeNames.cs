using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>How types are written: in generated code, and in messages.</summary>
internal static class TypeNames
{
    private const SymbolDisplayMiscellaneousOptions Common =
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes;

    private static readonly SymbolDisplayFormat s_full = new(
        SymbolDisplayGlobalNamespaceStyle.Included,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: Common | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_short = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameOnly,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: Common | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_namespace = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>With <c>global::</c>, type arguments and nullable annotations.</summary>
    public static string Full(this ITypeSymbol type) => type.ToDisplayString(s_full);

    /// <summary>For messages: without namespaces.</summary>
    public static string Short(this ITypeSymbol type) => type.ToDisplayString(s_short);

    public static string NamespaceName(this INamedTypeSymbol type)
        => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(s_namespace);
}
