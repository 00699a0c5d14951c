using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>How a method hands over its answer, and what that is. Lives only while a method is parsed.</summary>
/// <param name="Kind">How.</param>
/// <param name="Answer">The answer's type, of a stream the type of its elements; <see langword="null"/> for a method without an answer.</param>
internal sealed record AnswerShape(AnswerKind Kind, ITypeSymbol? Answer)
{
    /// <summary>Reads a method's return type; <see langword="null"/> for one that cannot be wrapped.</summary>
    public static AnswerShape? Of(IMethodSymbol method)
    {
        if (method.RefKind != RefKind.None || method.ReturnType is not INamedTypeSymbol type)
        {
            return null;
        }

        if (type.Is(KnownNames.Task) || type.Is(KnownNames.ValueTask))
        {
            return new AnswerShape(AnswerKind.Once, type.TypeArguments[0]);
        }

        if (type.Is(KnownNames.AsyncEnumerable))
        {
            return new AnswerShape(AnswerKind.Stream, type.TypeArguments[0]);
        }

        return type.Is(KnownNames.PlainTask) || type.Is(KnownNames.PlainValueTask) ? new AnswerShape(AnswerKind.None, null) : null;
    }
}
