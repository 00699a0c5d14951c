using Microsoft.CodeAnalysis;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads the members of an interface that its decorator hands on as they are.</summary>
internal static class MemberForwarding
{
    /// <summary>Whether a decorator must, or can, stand in for a member.</summary>
    public static bool IsForwarded(ISymbol member, Compilation compilation)
        => member is { IsStatic: false } and (IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IEventSymbol)
            && (member.IsAbstract || member.IsVirtual)
            && IsCallable(member, compilation);

    /// <summary>Why a member, or an accessor, keeps its interface from being decorated; or <see langword="null"/>.</summary>
    public static string? WhyNot(ISymbol member, Compilation compilation) => member switch
    {
        INamedTypeSymbol or { IsAbstract: false } => null,

        // An inherited member that is declared abstract again: it is handed on where it was declared first.
        IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false }
            or IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false }
            or IEventSymbol { ExplicitInterfaceImplementations.IsEmpty: false } => null,
        { IsStatic: true } => $"'{member.Name}' is static abstract, and a decorator has no implementation of it",
        _ when !IsCallable(member, compilation) => $"'{member.Name}' cannot be called from a decorator; make it public",
        _ => null,
    };

    public static ForwardedMemberModel Read(ISymbol member, INamedTypeSymbol decorated)
    {
        return member switch
        {
            IPropertySymbol property => Read(property, DecoratorSite.Receiver(member.ContainingType, decorated, property.Parameters)),
            IEventSymbol @event => Read(@event, DecoratorSite.Receiver(member.ContainingType, decorated, [])),
            IMethodSymbol method => Read(method, DecoratorSite.Receiver(member.ContainingType, decorated, method.Parameters)),
            _ => throw new InvalidOperationException($"'{member.Name}' is not a member that can be handed on."),
        };
    }

    private static ForwardedMemberModel Read(IMethodSymbol method, string receiver)
    {
        string typeArguments = method.Arity == 0
            ? ""
            : $"<{string.Join(", ", method.TypeParameters.Select(static parameter => Identifiers.WriteType(parameter.Name)))}>";
        string arguments = string.Join(", ", method.Parameters.Select(Argument));
        return new ForwardedMemberModel(
            ForwardedMemberKind.Method,
            SignatureReader.OfExplicit(method),
            $"{receiver}.{Identifiers.Write(method.Name)}{typeArguments}({arguments})",
            ReturnsByRef: method.RefKind != RefKind.None);
    }

    private static ForwardedMemberModel Read(IPropertySymbol property, string receiver) => new(
        ForwardedMemberKind.Property,
        SignatureReader.OfExplicit(property),
        property.IsIndexer
            ? $"{receiver}[{string.Join(", ", property.Parameters.Select(Argument))}]"
            : $"{receiver}.{Identifiers.Write(property.Name)}",
        IsVisible(property.GetMethod),
        IsVisible(property.SetMethod),
        property.SetMethod is { IsInitOnly: true },
        property.RefKind != RefKind.None);

    private static ForwardedMemberModel Read(IEventSymbol @event, string receiver)
        => new(ForwardedMemberKind.Event, SignatureReader.OfExplicit(@event), $"{receiver}.{Identifiers.Write(@event.Name)}");

    private static bool IsCallable(ISymbol member, Compilation compilation)
        => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal
            && compilation.IsSymbolAccessibleWithin(member, compilation.Assembly);

    private static bool IsVisible(IMethodSymbol? accessor)
        => accessor is { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal };

    private static string Argument(IParameterSymbol parameter)
    {
        string modifier = parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In or RefKind.RefReadOnlyParameter => "in ",
            _ => "",
        };

        // A dynamic argument would make the call dynamic.
        string cast = parameter is { RefKind: RefKind.None, Type.TypeKind: TypeKind.Dynamic } ? "(object?)" : "";
        return $"{modifier}{cast}{parameter.Escaped()}";
    }
}
