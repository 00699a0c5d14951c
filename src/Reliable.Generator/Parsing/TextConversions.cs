using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>
/// How a parameter becomes a string that is the same in every culture. Types without a text of their own are refused: the name of a type, or the
/// members of a record, would put many users under one id.
/// </summary>
internal static class TextConversions
{
    private static readonly string s_formatted = Formatted("null");

    public static string? ToText(IParameterSymbol parameter)
    {
        string name = parameter.Escaped();
        ITypeSymbol type = parameter.Type;
        if (type.SpecialType == SpecialType.System_String)
        {
            return name;
        }

        bool isNullableValue = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        ITypeSymbol underlying = isNullableValue ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        string? conversion = Conversion(underlying);
        return conversion is null ? null : $"{name}{(type.IsValueType && !isNullableValue ? "." : "?.")}{conversion}";
    }

    private static string? Conversion(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Enum } => "ToString()",
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Select(Conversion).FirstOrDefault(static conversion => conversion is not null),
        { IsTupleType: true } => null,
        _ when Formattables(type) is var count and > 0 => count == 1 ? s_formatted : Formatted("(string?)null"),
        _ when OverridesToString(type) => "ToString()",
        _ => null,
    };

    private static string Formatted(string format) => $"ToString({format}, {KnownNames.Global(KnownNames.CultureInfo)}.InvariantCulture)";

    /// <summary>How many methods a call of <c>ToString</c> with a format and a culture could mean: none unless one of them takes a string.</summary>
    private static int Formattables(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Interface)
        {
            return type.Is(KnownNames.Formattable) || type.AllInterfaces.Any(static each => each.Is(KnownNames.Formattable)) ? 1 : 0;
        }

        List<IMethodSymbol> formatting =
        [
            .. type.SelfAndBases()
                .SelectMany(static each => each.GetMembers("ToString"))
                .OfType<IMethodSymbol>()
                .Where(static each => each is { IsStatic: false, IsOverride: false, DeclaredAccessibility: Accessibility.Public, Parameters.Length: 2 }
                    && each.Parameters[1].Type.Is(KnownNames.FormatProvider)),
        ];
        return formatting.Exists(static each => each.Parameters[0].Type.SpecialType == SpecialType.System_String) ? formatting.Count : 0;
    }

    private static bool OverridesToString(ITypeSymbol type)
        => type.SelfAndBases()
            .TakeWhile(static each => each.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            .Any(static each => each.GetMembers("ToString").Any(
                static member => member is IMethodSymbol { Parameters.IsEmpty: true, IsOverride: true, IsImplicitlyDeclared: false }
                    && !member.Has(KnownNames.CompilerGenerated)));
}
