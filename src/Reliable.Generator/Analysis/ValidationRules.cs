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

    public static void Check(IMethodSymbol method, ITypeSymbol? answer, AttributeReader validation, Compilation compilation, DiagnosticSink sink)
    {
        CheckLength(validation, "MinLength", sink);
        CheckLength(validation, "MinFollowUpLength", sink);
        if (answer is null)
        {
            return;
        }

        if (validation.Type("Validator") is { } validator)
        {
            ValidatorRules.Check(method, answer, validator, validation.Location("Validator"), compilation, sink);
        }
        else if (WhyWithoutEffect(answer, validation) is { } reason)
        {
            sink.Report(DiagnosticDescriptors.ValidationWithoutEffect, validation.Location(), method.Name, reason);
        }
    }

    private static void CheckLength(AttributeReader validation, string property, DiagnosticSink sink)
    {
        if (validation.Int(property) is < 0)
        {
            sink.Report(DiagnosticDescriptors.ValueOutOfRange, validation.Location(property), property, validation.Written(property), "0 or more characters");
        }
    }

    private static string? WhyWithoutEffect(ITypeSymbol answer, AttributeReader validation)
    {
        // What these stand for is known when the method is called.
        if (answer is ITypeParameterSymbol or IDynamicTypeSymbol || answer.SpecialType == SpecialType.System_Object || HasMessages(answer))
        {
            return null;
        }

        if (answer.SpecialType != SpecialType.System_String)
        {
            return $"there are no rules for '{answer.Short()}'. Name a 'Validator', or return string, ChatResponse, ChatMessage or a list of ChatMessage.";
        }

        int rules = validation.Int("Rules") ?? All;
        int effective = rules & (NotEmpty | NotWhitespace | MinText);
        if (validation.Int("MinLength") == 0)
        {
            effective &= ~MinText;
        }

        return effective == 0 ? "none of its rules applies to a string. Choose other 'Rules', or name a 'Validator'." : null;
    }

    /// <summary>That there is an assistant message is always checked, so these have a rule whatever is chosen. A struct is judged by a validator only.</summary>
    private static bool HasMessages(ITypeSymbol type)
        => type.IsReferenceType && (type.SelfAndBases().Any(IsMessage) || type.AllInterfaces.Append(type).Any(IsMessageSequence));

    private static bool IsMessage(ITypeSymbol type) => type.Is(KnownNames.ChatResponse) || type.Is(KnownNames.ChatMessage);

    private static bool IsMessageSequence(ITypeSymbol type)
        => type is INamedTypeSymbol named && named.Is(KnownNames.Enumerable) && named.TypeArguments[0].SelfAndBases().Any(static each => each.Is(KnownNames.ChatMessage));
}
