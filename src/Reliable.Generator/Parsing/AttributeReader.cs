using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Collections;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>An attribute's values: as they were written, as C# that says the same, and where they stand.</summary>
internal sealed class AttributeReader(AttributeData attribute, CancellationToken cancellation)
{
    public static AttributeReader? Of(IMethodSymbol method, string name, CancellationToken cancellation)
        => method.Find(name) is { } attribute ? new AttributeReader(attribute, cancellation) : null;

    public AttributeModel ToModel() => new(
        KnownNames.Global(attribute.AttributeClass!.ToDisplayString()),
        attribute.NamedArguments
            .Where(static argument => IsKnown(argument.Value))
            .Select(static argument => $"{argument.Key} = {Write(argument.Value)}")
            .ToEquatableArray());

    /// <summary>Whether a value is written, even one that the compiler does not understand.</summary>
    public bool IsSet(string property) => Find(property) is not null || Value(property) is not null;

    public int? Int(string property) => Find(property)?.Value as int?;

    /// <summary>A number as a message shows it.</summary>
    public string Written(string property) => Int(property)?.ToString(CultureInfo.InvariantCulture) ?? "";

    public string? Text(string property) => Find(property)?.Value as string;

    /// <summary>Whether a value is set and understood.</summary>
    public bool IsValue(string property) => Find(property) is not null;

    public ITypeSymbol? Type(string property) => Find(property)?.Value as ITypeSymbol;

    /// <summary>The elements of an array, or <see langword="null"/> when it is not set.</summary>
    public IReadOnlyList<int>? Ints(string property)
        => Find(property) is { Kind: TypedConstantKind.Array, IsNull: false } array ? [.. array.Values.Select(static each => each.Value as int? ?? 0)] : null;

    /// <summary>Where the attribute stands.</summary>
    public Location? Location() => Syntax()?.GetLocation();

    /// <summary>Where a property's value stands.</summary>
    public Location? Location(string property) => Value(property)?.GetLocation() ?? Location();

    /// <summary>Where one element of an array stands.</summary>
    public Location? Location(string property, int index)
    {
        IEnumerable<SyntaxNode> elements = Value(property) switch
        {
            CollectionExpressionSyntax collection => collection.Elements,
            ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
            _ => [],
        };
        return elements.ElementAtOrDefault(index)?.GetLocation() ?? Location(property);
    }

    /// <summary>A value that the compiler does not understand is its to report; generated code leaves it out.</summary>
    private static bool IsKnown(TypedConstant constant)
        => constant.Kind != TypedConstantKind.Error
            && (constant.Kind != TypedConstantKind.Type || constant.Value is not IErrorTypeSymbol)
            && (constant.Kind != TypedConstantKind.Array || constant.IsNull || constant.Values.All(IsKnown));

    private static string Write(TypedConstant constant) => constant switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array, Values.IsEmpty: true } => $"global::System.Array.Empty<{((IArrayTypeSymbol)constant.Type!).ElementType.Full()}>()",
        { Kind: TypedConstantKind.Array } => $"new[] {{ {string.Join(", ", constant.Values.Select(Write))} }}",
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({type.Full()})",
        { Kind: TypedConstantKind.Enum } => WriteEnum(constant),
        _ => constant.ToCSharpString(),
    };

    /// <summary>The flags by name, or a number where it is none of them.</summary>
    private static string WriteEnum(TypedConstant constant)
    {
        string type = constant.Type!.Full();
        long value = Convert.ToInt64(constant.Value, CultureInfo.InvariantCulture);
        List<(string Name, long Value)> members =
        [
            .. constant.Type!.GetMembers().OfType<IFieldSymbol>()
                .Where(static field => field.HasConstantValue)
                .Select(static field => (field.Name, Convert.ToInt64(field.ConstantValue, CultureInfo.InvariantCulture))),
        ];
        if (members.Find(member => member.Value == value).Name is { } exact)
        {
            return $"{type}.{exact}";
        }

        List<(string Name, long Value)> flags = members.FindAll(member => member.Value != 0 && (member.Value & (member.Value - 1)) == 0 && (value & member.Value) != 0);
        return flags.Sum(static flag => flag.Value) == value && flags.Count > 0
            ? string.Join(" | ", flags.Select(flag => $"{type}.{flag.Name}"))
            : string.Format(CultureInfo.InvariantCulture, "({0})({1})", type, value);
    }

    private TypedConstant? Find(string property)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == property && IsKnown(argument.Value))
            {
                return argument.Value;
            }
        }

        return null;
    }

    private AttributeSyntax? Syntax() => attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;

    private ExpressionSyntax? Value(string property)
        => Syntax()?.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == property)?.Expression;
}
