using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>Which types of an answer are looked into, and which of them the code that does it can name.</summary>
internal sealed class AnswerTypes(ISymbol within, Compilation compilation)
{
    /// <summary>A generic type that contains itself around its own arguments has no end, and names of twice the length each time.</summary>
    public const int MaxNesting = 8;

    /// <summary>The type of a collection's elements, or <see langword="null"/>.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => null,
        IArrayTypeSymbol array => array.IsSZArray ? array.ElementType : null,
        INamedTypeSymbol named => named.AllInterfaces.Prepend(named).FirstOrDefault(static each => each.Is(KnownNames.Enumerable))?.TypeArguments[0],
        _ => null,
    };

    /// <summary>What the framework brings has no rules that were meant for answers.</summary>
    public static bool HasMembersOfInterest(ITypeSymbol type)
        => type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface, IsRefLikeType: false, IsUnboundGenericType: false } named
            && (named.IsTupleType || named.Is("System.Collections.Generic.KeyValuePair`2") || !IsOfTheFramework(named));

    private static bool IsOfTheFramework(INamedTypeSymbol type)
    {
        INamespaceSymbol space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return type.SpecialType != SpecialType.None || (space.Name is "System" or "Microsoft" && type.Locations.All(static location => !location.IsInSource));
    }

    /// <summary>Whether generated code can name a type: the method's own type parameters are not known where the rules stand.</summary>
    public bool CanBeNamed(ITypeSymbol type) => IsReachable(type);

    public static bool IsNestedTooDeep(ITypeSymbol type) => IsNestedDeeper(type, MaxNesting);

    private bool IsReachable(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsReachable(array.ElementType),
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type && within is INamedTypeSymbol,
        INamedTypeSymbol named => !FileReach.IsOutOfReach(named, compilation)
            && compilation.IsSymbolAccessibleWithin(named, within)
            && named.FromOutermost().SelectMany(static each => each.TypeArguments).All(IsReachableArgument),
        _ => false,
    };

    private bool IsReachableArgument(ITypeSymbol type) => type.TypeKind is TypeKind.Dynamic or TypeKind.Enum || IsReachable(type);

    private static bool IsNestedDeeper(ITypeSymbol type, int levels) => type switch
    {
        IArrayTypeSymbol array => levels == 0 || IsNestedDeeper(array.ElementType, levels - 1),
        INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => levels == 0 || arguments.Any(argument => IsNestedDeeper(argument, levels - 1)),
        _ => false,
    };

    public static bool IsNullableValue(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
}
