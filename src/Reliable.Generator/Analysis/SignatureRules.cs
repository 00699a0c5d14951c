using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>What an annotated method may return and take.</summary>
internal static class SignatureRules
{
    /// <summary>How a method hands over its answer, or <see langword="null"/> after a diagnostic.</summary>
    public static AnswerShape? CheckReturnType(IMethodSymbol method, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (AnswerShape.Of(method) is { } shape)
        {
            return shape;
        }

        MethodDeclarationSyntax? syntax = Syntax(method, cancellation);
        Location? location = syntax?.ReturnType.GetLocation() ?? method.SourceLocation();
        if (method.ReturnsVoid && syntax is not null && syntax.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            sink.Report(DiagnosticDescriptors.AsyncVoid, location, method.Name);
        }
        else
        {
            sink.Report(DiagnosticDescriptors.UnsupportedReturnType, location, method.Name, method.ReturnType.Short());
        }

        return null;
    }

    public static void CheckParameters(IMethodSymbol method, CallShape shape, DiagnosticSink sink, CancellationToken cancellation)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (WhyNotRepeatable(parameter) is { } reason)
            {
                sink.Report(DiagnosticDescriptors.ParameterNotRepeatable, parameter.DeclarationLocation(cancellation), parameter.Name, reason);
            }
        }

        foreach (IParameterSymbol second in shape.Ordinary)
        {
            ParameterKind kind = CallShape.KindOf(second.Type);
            if (kind != ParameterKind.Ordinary)
            {
                sink.Report(DiagnosticDescriptors.RoleTwice, second.SourceLocation(), shape.Find(kind)!.Name, second.Name, Describe(kind));
            }
        }

        if (shape.Find(ParameterKind.Token) is null)
        {
            sink.Report(DiagnosticDescriptors.CancellationTokenMissing, method.SourceLocation(), method.Name);
        }
    }

    /// <summary>An argument that an attempt reads to its end is empty for the next one.</summary>
    public static void CheckRepeatable(CallShape shape, AttributeReader retry, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (retry.Int("MaxRetries") == 0 && !retry.IsSet("Fallback"))
        {
            return;
        }

        foreach (IParameterSymbol parameter in shape.Ordinary.Where(static each => IsUsedUp(each.Type)))
        {
            sink.Report(
                DiagnosticDescriptors.ArgumentUsedUp, parameter.DeclarationLocation(cancellation), parameter.Name, parameter.Type.Short());
        }
    }

    private static bool IsUsedUp(ITypeSymbol type)
        => type.SelfAndBases().Any(static each => KnownNames.UsedUp.Any(name => each.Is(name)))
            || (type.TypeKind is TypeKind.Interface or TypeKind.Class or TypeKind.Struct
                && type.AllInterfaces.Any(static each => KnownNames.UsedUpInterfaces.Any(name => each.Is(name))));

    private static string? WhyNotRepeatable(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: RefKind.Ref or RefKind.Out } => $"it is passed by '{(parameter.RefKind == RefKind.Out ? "out" : "ref")}'",
        { Type.IsRefLikeType: true } => $"'{parameter.Type.Short()}' is a ref struct",
        { Type: ITypeParameterSymbol { AllowsRefLikeType: true } } => $"'{parameter.Type.Short()}' may be a ref struct",
        { Type.TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "it is a pointer",
        _ => null,
    };

    private static MethodDeclarationSyntax? Syntax(IMethodSymbol method, CancellationToken cancellation)
        => method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as MethodDeclarationSyntax;

    private static string Describe(ParameterKind kind) => kind switch
    {
        ParameterKind.Token => "the cancellation token",
        ParameterKind.Attempt => "the attempt's context",
        ParameterKind.Progress => "the progress of retries",
        _ => "the runtime",
    };
}
