using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>
/// How a parameter becomes a string that is the same in every culture. Types without a text of their own are refused: the name of a type, or the
/// members of a record, would put many users under one id.
/// </summary>
internal static class TextConversions
{
    private static readonly string s_formatted = $"ToString(null, {TypeNames.Global(KnownNames.CultureInfo)}.InvariantCulture)";

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
        { TypeKind: TypeKind.Enum } => "ToString()",
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(static constraint => Conversion(constraint) == s_formatted) ? s_formatted : null,
        _ when IsFormattable(type) => s_formatted,
        _ when OverridesToString(type) => "ToString()",
        _ => null,
    };

    private static bool IsFormattable(ITypeSymbol type)
        => type.TypeKind == TypeKind.Interface
            ? type.Is(KnownNames.Formattable) || type.AllInterfaces.Any(static each => each.Is(KnownNames.Formattable))
            : type.SelfAndBases().Any(static each => each.GetMembers("ToString").Any(IsFormattableToString));

    private static bool IsFormattableToString(ISymbol member)
        => member is IMethodSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public, Parameters.Length: 2 } method
            && method.Parameters[0].Type.SpecialType == SpecialType.System_String
            && method.Parameters[1].Type.Is(KnownNames.FormatProvider);

    private static bool OverridesToString(ITypeSymbol type)
        => type.SelfAndBases()
            .TakeWhile(static each => each.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            .Any(static each => each.GetMembers("ToString").Any(
                static member => member is IMethodSymbol { Parameters.IsEmpty: true, IsOverride: true, IsImplicitlyDeclared: false }
                    && !member.Has(KnownNames.CompilerGenerated)));
}
