using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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

    // The names of namespaces, of which a project has few and a file says many.
    private static readonly ConditionalWeakTable<INamespaceSymbol, string> s_namespaces = new();

    /// <summary>With <c>global::</c>, type arguments and nullable annotations.</summary>
    public static string Full(this ITypeSymbol type) => Plain(type) ?? type.ToDisplayString(s_full);

    /// <summary>The same for the types that signatures are full of, at a tenth of the cost; <see langword="null"/> for all others.</summary>
    private static string? Plain(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_String)
        {
            return type.NullableAnnotation == NullableAnnotation.Annotated ? "string?" : "string";
        }

        if (type is not INamedTypeSymbol { SpecialType: SpecialType.None, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface or TypeKind.Enum } named
            || named is { IsTupleType: true } or { IsUnboundGenericType: true }
            || named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            || named.ContainingType is not null
            || SyntaxFacts.GetKeywordKind(named.Name) != SyntaxKind.None
            || SyntaxFacts.GetContextualKeywordKind(named.Name) != SyntaxKind.None)
        {
            return null;
        }

        string arguments = named.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", named.TypeArguments.Select(Full))}>";
        string annotation = named.NullableAnnotation == NullableAnnotation.Annotated && !named.IsValueType ? "?" : "";
        return s_namespaces.GetValue(named.ContainingNamespace, static space => space.IsGlobalNamespace ? "global::" : $"global::{space.ToDisplayString(s_namespace)}.")
            + named.Name + arguments + annotation;
    }

    /// <summary>For messages: without namespaces.</summary>
    public static string Short(this ITypeSymbol type) => type.ToDisplayString(s_short);

    public static string NamespaceName(this INamedTypeSymbol type)
        => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(s_namespace);
}
