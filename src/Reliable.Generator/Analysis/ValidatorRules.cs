using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>Whether a <c>Validator</c> judges the answer's type and can be constructed by generated code.</summary>
internal static class ValidatorRules
{
    public static void Check(IMethodSymbol method, AnswerShape answer, ITypeSymbol validator, Location? location, Compilation compilation, DiagnosticSink sink)
    {
        string judged = answer.Answer!.Short();
        if (validator is INamedTypeSymbol named && named.FromOutermost().Any(static each => each.IsUnboundGenericType))
        {
            sink.Report(DiagnosticDescriptors.ValidatorNotConstructible, location, validator.Short(), "its type arguments are missing");
        }
        else if (!validator.AllInterfaces.Append(validator as INamedTypeSymbol).Any(each => Judges(each, answer, compilation)))
        {
            sink.Report(DiagnosticDescriptors.ValidatorOfWrongType, location, validator.Short(), method.Name, Wanted(answer.Kind, judged));
        }
        else if (WhyNotConstructible(validator, method, compilation) is { } reason)
        {
            sink.Report(DiagnosticDescriptors.ValidatorNotConstructible, location, validator.Short(), reason);
        }
    }

    /// <summary>Whether a validator is an interface that stands for what the service provider has: nothing is constructed then.</summary>
    public static bool IsFromServices(ITypeSymbol validator) => validator.TypeKind == TypeKind.Interface;

    private static string Wanted(AnswerKind kind, string answer) => kind == AnswerKind.Stream
        ? $"'IStreamValidator<{answer}>'"
        : $"'IResponseValidator<{answer}>' or 'IAsyncResponseValidator<{answer}>'";

    private static bool Judges(INamedTypeSymbol? type, AnswerShape answer, Compilation compilation)
        => type is not null && (answer.Kind == AnswerKind.Stream ? JudgesStream(type, answer.Answer!, compilation) : JudgesWhole(type, answer.Answer!, compilation));

    private static bool JudgesWhole(INamedTypeSymbol type, ITypeSymbol answer, Compilation compilation)
        => (type.Is(KnownNames.Validator) || type.Is(KnownNames.AsyncValidator)) && IsGiven(type, answer, compilation);

    private static bool JudgesStream(INamedTypeSymbol type, ITypeSymbol piece, Compilation compilation)
        => type.Is(KnownNames.StreamValidator) && compilation.ClassifyConversion(piece, type.TypeArguments[0]).IsIdentity;

    private static bool IsGiven(INamedTypeSymbol validator, ITypeSymbol answer, Compilation compilation)
        => compilation.ClassifyConversion(answer, validator.TypeArguments[0]) is { IsImplicit: true } conversion
            && (conversion.IsIdentity || conversion.IsReference);

    private static string? WhyNotConstructible(ITypeSymbol validator, IMethodSymbol method, Compilation compilation)
    {
        if (validator is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface, IsStatic: false } type
            || (type.IsAbstract && !IsFromServices(type)))
        {
            return "it is not a class with instances";
        }

        ISymbol within = method.ContainingType.TypeKind == TypeKind.Interface ? compilation.Assembly : method.ContainingType;
        if (FileReach.IsOutOfReach(type, compilation) || !compilation.IsSymbolAccessibleWithin(type, within))
        {
            return "it is not visible to the file that would do it";
        }

        if (IsFromServices(type))
        {
            return null;
        }

        IMethodSymbol? constructor = type.InstanceConstructors.FirstOrDefault(static each => each.Parameters.IsEmpty);
        if (constructor is null || !compilation.IsSymbolAccessibleWithin(constructor, within))
        {
            return "it has no constructor without parameters that is visible there";
        }

        return HasRequiredMembers(type) && !constructor.Has(KnownNames.SetsRequiredMembers) ? "it has required members" : null;
    }

    private static bool HasRequiredMembers(INamedTypeSymbol type)
        => type.SelfAndBases().Any(static each => each.GetMembers().Any(
            static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }));
}
