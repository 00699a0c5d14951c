using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Parsing;

/// <summary>An attribute's arguments as C# of exactly their type, so that the same constructor is called again.</summary>
internal static class ConstantText
{
    /// <summary>The expression, or <see langword="null"/> for a value that the compiler does not understand.</summary>
    public static string? Of(TypedConstant constant)
    {
        if (constant.Kind == TypedConstantKind.Error || constant.Type is null or IErrorTypeSymbol)
        {
            return null;
        }

        if (constant.IsNull)
        {
            return "null!";
        }

        return constant.Kind switch
        {
            TypedConstantKind.Array => OfArray(constant),
            TypedConstantKind.Type => constant.Value is ITypeSymbol type and not IErrorTypeSymbol ? $"typeof({type.Full()})" : null,
            TypedConstantKind.Enum => string.Format(CultureInfo.InvariantCulture, "({0})({1})", constant.Type.Full(), constant.Value),
            _ => OfPrimitive(constant.Value!),
        };
    }

    private static string? OfArray(TypedConstant constant)
    {
        List<string?> elements = [.. constant.Values.Select(Of)];
        string element = ((IArrayTypeSymbol)constant.Type!).ElementType.WithNullableAnnotation(NullableAnnotation.NotAnnotated).Full();
        return elements.Contains(null) ? null : $"new {element}[] {{ {string.Join(", ", elements)} }}";
    }

    private static string OfPrimitive(object value) => value switch
    {
        string text => text.Literal(),
        char character => SymbolDisplay.FormatLiteral(character, quote: true),
        bool truth => truth ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => OfDouble(number),
        float number => $"(float)({OfDouble(number)})",
        _ => string.Format(CultureInfo.InvariantCulture, "({0})({1})", SpecialName(value), value),
    };

    private static string OfDouble(double number) => number switch
    {
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "D",
    };

    private static string SpecialName(object value) => value switch
    {
        byte => "byte",
        sbyte => "sbyte",
        short => "short",
        ushort => "ushort",
        uint => "uint",
        _ => "ulong",
    };
}
