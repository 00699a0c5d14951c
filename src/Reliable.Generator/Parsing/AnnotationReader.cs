using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>
/// Turns data annotations into checks. Most are constructed again and asked; those that look at the value by reflection are checked by code of our own.
/// </summary>
internal sealed class AnnotationReader(ISymbol within, Compilation compilation, Location? location, DiagnosticSink sink)
{
    private readonly List<string> _annotations = [];

    /// <summary>The annotations that are constructed, one field each.</summary>
    public IReadOnlyList<string> Annotations => _annotations;

    /// <summary>The check of one annotation, or <see langword="null"/> after a diagnostic.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="owner">The type it belongs to.</param>
    /// <param name="member">The member it stands on, or <see langword="null"/> for the type itself.</param>
    public string? Read(AttributeData annotation, INamedTypeSymbol owner, AnswerMember? member)
    {
        string name = annotation.AttributeClass!.Name;
        string? check = name switch
        {
            "MinLengthAttribute" or "MaxLengthAttribute" or "LengthAttribute" when IsOurs(annotation) && member is not null => Length(annotation, name, member),
            "RangeAttribute" when IsOurs(annotation) && member is not null && annotation.ConstructorArguments.Length == 3 => Range(annotation, member),
            _ => Construct(annotation, member),
        };
        if (check is null)
        {
            string target = member is null ? owner.Short() : $"{owner.Short()}.{member.Name}";
            sink.Report(DiagnosticDescriptors.AnnotationNotChecked, location, name.Substring(0, name.Length - nameof(Attribute).Length), target);
        }

        return check;
    }

    private static bool IsOurs(AttributeData annotation) => annotation.AttributeClass!.ContainingNamespace.ToDisplayString() == "System.ComponentModel.DataAnnotations";

    private static string? Length(AttributeData annotation, string name, AnswerMember member)
    {
        List<int> bounds = [.. annotation.ConstructorArguments.Select(static argument => argument.Value as int? ?? 0)];
        (int min, int max) = name switch
        {
            _ when bounds.Count == 0 => (0, -1),
            "MinLengthAttribute" => (bounds[0], -1),
            "MaxLengthAttribute" => (0, bounds[0]),
            _ => (bounds[0], bounds[1]),
        };
        string? length = LengthOf(member);
        return length is null ? null : FormattableString.Invariant($"check.Length({member.Name.Literal()}, {length}, min: {min}, max: {max}{Message(annotation)});");
    }

    private static string? LengthOf(AnswerMember member)
    {
        string value = "value." + member.Symbol.Escaped();
        return member.Type switch
        {
            { SpecialType: SpecialType.System_String } or IArrayTypeSymbol => value + "?.Length",
            INamedTypeSymbol named when named.Is(KnownNames.ImmutableArray) => $"({value}.IsDefault ? null : (int?){value}.Length)",
            INamedTypeSymbol { IsReferenceType: true } named when HasCount(named) => value + "?.Count",
            _ => null,
        };
    }

    private static bool HasCount(INamedTypeSymbol type)
    {
        IEnumerable<ITypeSymbol> declaring = type.TypeKind == TypeKind.Interface ? type.AllInterfaces.Prepend(type) : type.SelfAndBases();
        List<IPropertySymbol> counts = [.. declaring.SelectMany(static each => each.GetMembers("Count")).OfType<IPropertySymbol>()];
        return counts.Count == 1 && counts[0] is { DeclaredAccessibility: Accessibility.Public, Type.SpecialType: SpecialType.System_Int32 };
    }

    private string? Range(AttributeData annotation, AnswerMember member)
    {
        ITypeSymbol type = member.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : member.Type;
        if (annotation.ConstructorArguments[0].Value is not ITypeSymbol asked
            || !SymbolEqualityComparer.Default.Equals(asked, type)
            || !type.IsValueType
            || !HasSelf(type, "System.IParsable`1")
            || !HasSelf(type, "System.IComparable`1")
            || annotation.ConstructorArguments[1].Value is not string min
            || annotation.ConstructorArguments[2].Value is not string max)
        {
            return null;
        }

        return $"check.Range<{type.Full()}>({member.Name.Literal()}, value.{member.Symbol.Escaped()}, {min.Literal()}, {max.Literal()}"
            + Exclusive(annotation, "MinimumIsExclusive", "isMinExclusive") + Exclusive(annotation, "MaximumIsExclusive", "isMaxExclusive")
            + Message(annotation) + ");";
    }

    private bool HasSelf(ITypeSymbol type, string definition)
        => compilation.GetTypeByMetadataName(definition) is { } generic
            && type.AllInterfaces.Any(each => SymbolEqualityComparer.Default.Equals(each, generic.Construct(type)));

    private static string Exclusive(AttributeData annotation, string property, string parameter)
        => annotation.NamedArguments.Any(argument => argument.Key == property && argument.Value.Value is true) ? $", {parameter}: true" : "";

    private static string Message(AttributeData annotation)
        => annotation.NamedArguments.FirstOrDefault(static argument => argument.Key == "ErrorMessage").Value.Value is string message ? $", message: {message.Literal()}" : "";

    /// <summary>The check by the annotation itself, constructed as it was written; <see langword="null"/> for one that would need reflection or is out of reach.</summary>
    private string? Construct(AttributeData annotation, AnswerMember? member)
    {
        if (annotation.AttributeConstructor is not { } constructor
            || FileReach.IsOutOfReach(annotation.AttributeClass!, compilation)
            || !compilation.IsSymbolAccessibleWithin(constructor, within)
            || !compilation.IsSymbolAccessibleWithin(annotation.AttributeClass!, within)
            || NeedsReflection(constructor)
            || NeedsReflection(annotation.AttributeClass!)
            || annotation.AttributeClass!.Is("System.ComponentModel.DataAnnotations.CustomValidationAttribute"))
        {
            return null;
        }

        List<string?> arguments = [.. annotation.ConstructorArguments.Select(ConstantText.Of)];
        List<(string Key, string? Value)> named = [.. annotation.NamedArguments.Select(static argument => (argument.Key, ConstantText.Of(argument.Value)))];
        if (arguments.Contains(null) || named.Exists(static argument => argument.Value is null))
        {
            return null;
        }

        string set = named.Count == 0 ? "" : $" {{ {string.Join(", ", named.Select(static argument => $"{Identifiers.Write(argument.Key)} = {argument.Value}"))} }}";
        _annotations.Add($"new {annotation.AttributeClass!.Full()}({string.Join(", ", arguments)}){set}");
        string value = member is null ? "value" : "value." + member.Symbol.Escaped();
        return $"check.Annotation({(member?.Name ?? "").Literal()}, value, {value}, {AnswerRulesModel.Field(_annotations.Count - 1)});";
    }

    private static bool NeedsReflection(ISymbol symbol)
        => symbol.GetAttributes().Any(static each => each.AttributeClass?.Name is "RequiresUnreferencedCodeAttribute" or "RequiresDynamicCodeAttribute");
}
