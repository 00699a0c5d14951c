using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>What the values of <c>[ValidateResponse]</c> may be, and whether they can reject anything at all.</summary>
internal static class ValidationRules
{
    // The flags of ResponseRules.
    private const int NotEmpty = 1;
    private const int NotWhitespace = 2;
    private const int MinText = 16;
    private const int All = 31;

    public static void Check(
        IMethodSymbol method, AnswerShape? answer, bool hasMemberRules, AttributeReader validation, Compilation compilation, DiagnosticSink sink)
    {
        CheckLength(validation, "MinLength", sink);
        CheckLength(validation, "MinFollowUpLength", sink);
        if (answer is null)
        {
            return;
        }

        if (answer.Answer is null)
        {
            string nothing = "it has no answer. Return one, or remove [ValidateResponse].";
            sink.Report(DiagnosticDescriptors.ValidationWithoutEffect, validation.Location(), method.Name, nothing);
        }
        else if (validation.Type("Validator") is { } validator)
        {
            ValidatorRules.Check(method, answer, validator, validation.Location("Validator"), compilation, sink);
        }
        else if (!validation.IsSet("Validator") && !hasMemberRules && WhyWithoutEffect(answer, validation) is { } reason)
        {
            sink.Report(DiagnosticDescriptors.ValidationWithoutEffect, validation.Location(), method.Name, reason);
        }
    }

    /// <summary>Whether the built-in rules say something of a type; other types may have rules of their members.</summary>
    public static bool IsBuiltIn(ITypeSymbol answer)
        => answer is ITypeParameterSymbol or IDynamicTypeSymbol || answer.SpecialType is SpecialType.System_Object or SpecialType.System_String || HasMessages(answer);

    private static void CheckLength(AttributeReader validation, string property, DiagnosticSink sink)
    {
        if (validation.Int(property) is < 0)
        {
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, validation.Location(property), property, validation.Written(property), "0 or more characters");
        }
    }

    private static string? WhyWithoutEffect(AnswerShape shape, AttributeReader validation)
    {
        ITypeSymbol answer = shape.Answer!;
        if (answer.SpecialType != SpecialType.System_String)
        {
            return shape.Kind == AnswerKind.Stream ? WhyNotJudgedAsStream(answer) : WhyNotJudged(answer);
        }

        int rules = validation.Int("Rules") ?? All;
        int effective = rules & (NotEmpty | NotWhitespace | MinText);
        if (validation.Int("MinLength") == 0)
        {
            effective &= ~MinText;
        }

        return effective == 0 ? "none of its rules applies to a string. Choose other 'Rules', or name a 'Validator'." : null;
    }

    private static string? WhyNotJudgedAsStream(ITypeSymbol piece)
        => piece is ITypeParameterSymbol or IDynamicTypeSymbol || piece.SpecialType == SpecialType.System_Object || piece.SelfAndBases().Any(IsUpdate)
            ? null
            : $"there are no rules for a stream of '{piece.Short()}'. Name a 'Validator', or return a stream of string or ChatResponseUpdate.";

    private static string? WhyNotJudged(ITypeSymbol answer) => answer switch
    {
        // What some of these stand for is known when the method is called.
        _ when IsBuiltIn(answer) => null,
        INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface, SpecialType: SpecialType.None } =>
            $"'{answer.Short()}' has neither required members nor data annotations that could be checked. Add some, or name a 'Validator'.",
        _ => $"there are no rules for '{answer.Short()}'. Name a 'Validator', or return string, ChatResponse, ChatMessage or a list of ChatMessage.",
    };

    private static bool IsUpdate(ITypeSymbol type) => type.Is(KnownNames.ChatResponseUpdate);

    /// <summary>That there is an assistant message is always checked, so these have a rule whatever is chosen. A struct is judged by a validator only.</summary>
    private static bool HasMessages(ITypeSymbol type)
        => type.IsReferenceType && (type.SelfAndBases().Any(IsMessage) || type.AllInterfaces.Append(type).Any(IsMessageSequence));

    private static bool IsMessage(ITypeSymbol type) => type.Is(KnownNames.ChatResponse) || type.Is(KnownNames.ChatMessage);

    private static bool IsMessageSequence(ITypeSymbol type)
        => type is INamedTypeSymbol named && named.Is(KnownNames.Enumerable) && named.TypeArguments[0].SelfAndBases().Any(static each => each.Is(KnownNames.ChatMessage));
}
