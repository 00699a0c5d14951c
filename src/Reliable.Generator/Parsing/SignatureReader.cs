using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Collections;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Writes the declaration of a method a second time, as the compiler wants it for the other half or for an explicit implementation.</summary>
internal static class SignatureReader
{
    /// <summary>The implementing declaration of a partial method: same modifiers, same names, no default values.</summary>
    public static SignatureModel OfPartial(IMethodSymbol method, MethodDeclarationSyntax syntax)
    {
        IEnumerable<string> modifiers = syntax.Modifiers
            .Where(static modifier => !modifier.IsKind(SyntaxKind.PartialKeyword) && !modifier.IsKind(SyntaxKind.AsyncKeyword))
            .Select(static modifier => modifier.ValueText)
            .Append("partial");
        return new SignatureModel(
            KeptAttributes.OfWrapper(method),
            string.Join(" ", modifiers) + " ",
            RefPrefix(method.RefKind) + method.ReturnType.Full(),
            Identifiers.Write(method.Name),
            method.TypeParameters.Select(static parameter => Identifiers.WriteType(parameter.Name)).ToEquatableArray(),
            method.Parameters.Select(static parameter => Parameter(parameter)).ToEquatableArray(),
            method.IsOverride ? Constraints.OfOverride(syntax) : Constraints.Of(method.TypeParameters));
    }

    /// <summary>The explicit implementation of an interface's method: constraints are inherited, except that <c>T?</c> must say what it means.</summary>
    public static SignatureModel OfExplicit(IMethodSymbol method) => new(
        KeptAttributes.Of(method),
        IsUnsafe(method) ? "unsafe " : "",
        RefPrefix(method.RefKind) + method.ReturnType.Full(),
        method.ContainingType.Full() + "." + Identifiers.Write(method.Name),
        method.TypeParameters.Select(DeclaredTypeParameter).ToEquatableArray(),
        method.Parameters.Select(static parameter => Parameter(parameter, isExplicit: true)).ToEquatableArray(),
        Constraints.OfExplicit(method));

    /// <summary>The explicit implementation of an interface's property or indexer.</summary>
    public static SignatureModel OfExplicit(IPropertySymbol property) => new(
        KeptAttributes.Of(property),
        property.Parameters.Any(static parameter => HasPointer(parameter.Type)) || HasPointer(property.Type) ? "unsafe " : "",
        RefPrefix(property.RefKind) + property.Type.Full(),
        property.ContainingType.Full() + "." + (property.IsIndexer ? "this" : Identifiers.Write(property.Name)),
        EquatableArray<string>.Empty,
        property.Parameters.Select(static parameter => Parameter(parameter, isExplicit: true)).ToEquatableArray(),
        EquatableArray<string>.Empty);

    /// <summary>The explicit implementation of an interface's event.</summary>
    public static SignatureModel OfExplicit(IEventSymbol @event) => new(
        KeptAttributes.Of(@event),
        HasPointer(@event.Type) ? "unsafe " : "",
        @event.Type.Full(),
        @event.ContainingType.Full() + "." + Identifiers.Write(@event.Name),
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty);

    public static string RefPrefix(RefKind kind) => kind switch
    {
        RefKind.Ref => "ref ",
        RefKind.RefReadOnly => "ref readonly ",
        _ => "",
    };

    /// <summary>A type parameter where it is declared again.</summary>
    public static string DeclaredTypeParameter(ITypeParameterSymbol parameter) => KeptAttributes.Inline(parameter) + Identifiers.WriteType(parameter.Name);

    private static string Parameter(IParameterSymbol parameter, bool isExplicit = false)
    {
        string modifier = parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        };
        string scoped = parameter.ScopedKind != ScopedKind.None && parameter is { RefKind: not RefKind.Out, IsParams: false } ? "scoped " : "";
        string prefix = isExplicit ? "" : parameter switch
        {
            { IsParams: true } => "params ",
            { IsThis: true } or { Ordinal: 0, ContainingSymbol: IMethodSymbol { IsExtensionMethod: true } } => "this ",
            _ => "",
        };
        string attributes = isExplicit ? KeptAttributes.Inline(parameter) : "";
        return $"{attributes}{prefix}{scoped}{modifier}{parameter.Type.Full()} {parameter.Escaped()}";
    }

    /// <summary>Whether a method can be declared in an unsafe context only.</summary>
    public static bool IsUnsafe(IMethodSymbol method) => HasPointer(method.ReturnType) || method.Parameters.Any(static parameter => HasPointer(parameter.Type));

    private static bool HasPointer(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => true,
        IArrayTypeSymbol array => HasPointer(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(HasPointer),
        _ => false,
    };
}
