using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>
/// Reads what an answer's type says of its members: which are required, and their data annotations, down through the types it is made of. Each type is read
/// once, so that types which contain each other end.
/// </summary>
internal sealed class AnswerRulesReader
{
    private const int MaxTypes = 64;

    private readonly Dictionary<ITypeSymbol, AnswerPart> _parts = new(SymbolEqualityComparer.IncludeNullability);
    private readonly List<AnswerPart> _inOrder = [];
    private readonly AnnotationReader _annotations;
    private readonly AnswerTypes _types;
    private readonly ISymbol _within;
    private readonly Compilation _compilation;
    private readonly Location? _location;
    private readonly DiagnosticSink _sink;
    private bool _isCut;

    private AnswerRulesReader(ISymbol within, Compilation compilation, Location? location, DiagnosticSink sink)
    {
        _within = within;
        _compilation = compilation;
        _location = location;
        _sink = sink;
        _types = new AnswerTypes(within, compilation);
        _annotations = new AnnotationReader(within, compilation, location, sink);
    }

    /// <summary>The rules and the symbols they name, or <see langword="null"/> when there is nothing that could be checked.</summary>
    public static (AnswerRulesModel Model, IEnumerable<ISymbol> Named)? Read(
        ITypeSymbol answer, string className, ISymbol within, Compilation compilation, Location? location, DiagnosticSink sink)
    {
        AnswerRulesReader reader = new(within, compilation, location, sink);
        if (reader.ExactPartOf(answer, isRequired: true) is not { } root)
        {
            return null;
        }

        reader.MarkUseful();
        if (!root.IsUseful)
        {
            return null;
        }

        List<AnswerPart> useful = reader._inOrder.FindAll(static part => part.IsUseful);
        AnswerRulesModel model = new(
            className,
            reader._annotations.Annotations.ToEquatableArray(),
            useful.Select(static part => new AnswerPartModel(part.Method, part.Type.Full(), part.Checks.ToEquatableArray())).ToEquatableArray());
        return (model, useful.SelectMany(static part => part.Named));
    }

    /// <summary>The answer itself, or the element of a collection: a nullable value is a part of its own there, because its exact type counts.</summary>
    private AnswerPart? ExactPartOf(ITypeSymbol type, bool isRequired)
    {
        if (!AnswerTypes.IsNullableValue(type))
        {
            return PartOf(type);
        }

        if (_parts.TryGetValue(type, out AnswerPart? known))
        {
            return known;
        }

        AnswerPart part = new(type, MethodFor("Nullable" + NameOf(((INamedTypeSymbol)type).TypeArguments[0])));
        _parts.Add(type, part);
        _inOrder.Add(part);
        if (PartOf(type) is { } value)
        {
            if (isRequired)
            {
                part.Add(value, "check.Required(\"\", value);");
            }

            part.Add(value, $"check.ValuePart(\"\", value, {value.Method});");
        }

        return part;
    }

    private AnswerPart? PartOf(ITypeSymbol declared)
    {
        ITypeSymbol type = AnswerTypes.IsNullableValue(declared)
            ? ((INamedTypeSymbol)declared).TypeArguments[0]
            : declared.WithNullableAnnotation(declared.IsReferenceType ? NullableAnnotation.NotAnnotated : NullableAnnotation.None);
        if (_parts.TryGetValue(type, out AnswerPart? known))
        {
            return known;
        }

        ITypeSymbol? element = AnswerTypes.ElementOf(type);
        if ((element is null && !AnswerTypes.HasMembersOfInterest(type)) || IsBeyond(type) || !_types.CanBeNamed(type))
        {
            return null;
        }

        AnswerPart part = new(type, MethodFor(NameOf(type)));
        _parts.Add(type, part);
        _inOrder.Add(part);
        if (element is null)
        {
            ReadMembers(part, (INamedTypeSymbol)type);
        }
        else if (ExactPartOf(element, isRequired: false) is { } elements)
        {
            part.Add(elements, Elements(type, elements, element));
        }

        return part;
    }

    /// <summary>Whether a type is beyond what is checked. That is said once: more would be beyond it than anybody reads.</summary>
    private bool IsBeyond(ITypeSymbol type)
    {
        bool isTooDeep = AnswerTypes.IsNestedTooDeep(type);
        if (!isTooDeep && _parts.Count < MaxTypes)
        {
            return false;
        }

        if (!_isCut)
        {
            _isCut = true;
            string end = isTooDeep ? $"{AnswerTypes.MaxNesting} generic types within each other" : $"{MaxTypes} types";

            // Its name alone: its arguments, within each other, are what there is too much of.
            _sink.Report(DiagnosticDescriptors.PartNotChecked, _location, NameOf(type), end);
        }

        return true;
    }

    private void ReadMembers(AnswerPart part, INamedTypeSymbol type)
    {
        foreach (AttributeData annotation in type.GetAttributes().Where(AnswerMember.IsAnnotation))
        {
            part.Add(_annotations.Read(annotation, type, null), annotation.AttributeClass!);
        }

        foreach (AnswerMember member in AnswerMember.Of(type, _within, _compilation))
        {
            bool hasOwnRule = member.Annotations.Any(static annotation => annotation.AttributeClass!.Name == "RequiredAttribute");
            if (member is { IsRequired: true, Type: { IsValueType: false, NullableAnnotation: not NullableAnnotation.Annotated } } && !hasOwnRule)
            {
                string check = member.Type.SpecialType == SpecialType.System_String ? "RequiredText" : "Required";
                part.Add($"check.{check}({member.Name.Literal()}, value.{member.Symbol.Escaped()});", member.Symbol, member.Type);
            }

            foreach (AttributeData annotation in member.Annotations)
            {
                part.Add(_annotations.Read(annotation, type, member), member.Symbol, member.Type, annotation.AttributeClass!);
            }

            if (PartOf(member.Type) is { } inner)
            {
                string check = inner.Type.IsReferenceType ? "Part" : "ValuePart";
                part.Add(inner, $"check.{check}<{inner.Type.Full()}>({member.Name.Literal()}, value.{member.Symbol.Escaped()}, {inner.Method});", member.Symbol, member.Type);
            }
        }

        if (type.AllInterfaces.Append(type).Any(static each => each.Is(KnownNames.ValidatableObject)))
        {
            part.Add("check.Itself(value);");
        }
    }

    /// <summary>A type is worth a method when it has a rule, or contains a type that is.</summary>
    private void MarkUseful()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (AnswerPart part in _inOrder.Where(static part => !part.IsUseful && part.HasRule))
            {
                part.IsUseful = true;
                changed = true;
            }
        }
    }

    private static string Elements(ITypeSymbol collection, AnswerPart elements, ITypeSymbol element)
    {
        string guard = collection.Is(KnownNames.ImmutableArray) ? "if (!value.IsDefault) " : "";
        return elements.Type.IsReferenceType
            ? $"{guard}check.Elements<{elements.Type.Full()}>(value, {elements.Method}, required: {(element.NullableAnnotation == NullableAnnotation.Annotated ? "false" : "true")});"
            : $"{guard}check.ValueElements<{elements.Type.Full()}>(value, {elements.Method});";
    }

    /// <summary>The answer's own method is <c>Check</c>, those of its parts are named after their types.</summary>
    private string MethodFor(string name)
        => _inOrder.Count == 0 ? "Check" : Identifiers.Free("Check" + name, candidate => _inOrder.Exists(other => other.Method == candidate));

    private static string NameOf(ITypeSymbol type) => type is IArrayTypeSymbol array ? NameOf(array.ElementType) + "Array" : type.Name.Length == 0 ? "Tuple" : type.Name;
}
