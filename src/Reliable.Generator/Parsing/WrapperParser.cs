using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Analysis;
using Reliable.Generator.Collections;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads a partial method into the model of its other half.</summary>
internal static class WrapperParser
{
    public static WrapperModel? Parse(
        IMethodSymbol method, MethodDeclarationSyntax syntax, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        // An async method without a value can be neither partial nor awaited: say that first.
        if (method.ReturnsVoid && syntax.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            SignatureRules.CheckReturnType(method, sink, cancellation);
            return null;
        }

        // Without an accessibility the compiler refuses the declaration itself, and says so better.
        if (!PlacementRules.CheckPartial(method, syntax, sink)
            || !TypeRules.Check(method, compilation, sink, cancellation)
            || !syntax.Modifiers.Any(IsAccessibility))
        {
            return null;
        }

        PlacementRules.CheckInterfaces(method, sink);
        CallShape shape = CallShape.Of(method);
        PartialMethodSite site = new(method, shape, compilation);
        var parsed = CallParser.Parse(method, shape, site, PolicyFields.Of, compilation, sink, cancellation);
        IEnumerable<ISymbol> named = SuppressedWarnings.Signature(method).Concat(parsed?.Named ?? []);
        return new WrapperModel(
            HintNames.Of(method),
            method.ContainingType.NamespaceName(),
            method.ContainingType.FromOutermost().Select(type => Declaration(type, method)).ToEquatableArray(),
            SuppressedWarnings.Of(named),
            Documentation.IsWritten(syntax) ? null : Documentation.Summary(method),
            SignatureReader.OfPartial(method, syntax),
            parsed?.Call);
    }

    private static bool IsAccessibility(SyntaxToken modifier)
        => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword;

    private static string Declaration(INamedTypeSymbol type, IMethodSymbol method)
    {
        string kind = type switch
        {
            { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        };
        string parameters = type.Arity == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(static parameter => Identifiers.WriteType(parameter.Name)))}>";

        // The method's own modifiers are repeated; where 'unsafe' was the type's, it has to be said here again.
        string context = SignatureReader.IsUnsafe(method) && SymbolEqualityComparer.Default.Equals(type, method.ContainingType) ? "unsafe " : "";
        return $"{context}partial {kind} {Identifiers.WriteType(type.Name)}{parameters}";
    }
}
