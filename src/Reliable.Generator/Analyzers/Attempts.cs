using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>Which annotated method a method makes the attempts of.</summary>
internal static class Attempts
{
    /// <summary>The annotated methods whose Core method or fallback this one is, judged by its name, and those of interfaces that it implements.</summary>
    public static IEnumerable<IMethodSymbol> WrappersOf(IMethodSymbol attempt)
        => attempt.ContainingType is { } type
            ? AnnotatedMethods.Of(type).Where(wrapper => Identifiers.Core(wrapper.Name) == attempt.Name || FallbackOf(wrapper) == attempt.Name)
                .Concat(Implemented(attempt, type).Where(AnnotatedMethods.IsAnnotated))
            : [];

    /// <summary>The annotated method whose Core method this is, by its whole signature; or <see langword="null"/>.</summary>
    /// <param name="core">The method.</param>
    /// <param name="caller">The type that calls it; it may have inherited the method.</param>
    /// <param name="compilation">The compilation.</param>
    public static IMethodSymbol? WrapperOfCore(IMethodSymbol core, INamedTypeSymbol? caller, Compilation compilation)
    {
        if (Identifiers.Wrapper(core.Name) is not { } name)
        {
            return null;
        }

        IEnumerable<ITypeSymbol> types = (caller?.SelfAndBases() ?? []).Prepend(core.ContainingType);
        return types
            .SelectMany(type => type.GetMembers(name))
            .OfType<IMethodSymbol>()
            .FirstOrDefault(wrapper => wrapper.ContainingType.TypeKind != TypeKind.Interface && AnnotatedMethods.IsAnnotated(wrapper) && Calls(wrapper, core, compilation));
    }

    /// <summary>The method around an operation; a lambda or a local function belongs to the method it stands in.</summary>
    public static IMethodSymbol? MethodAround(ISymbol symbol)
    {
        ISymbol? each = symbol;
        while (each is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            each = each.ContainingSymbol;
        }

        return each as IMethodSymbol;
    }

    /// <summary>Where a call or a reference names its method.</summary>
    public static Location NameLocation(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax invocation => NameLocation(invocation.Expression),
        MemberAccessExpressionSyntax access => NameLocation(access.Name),
        MemberBindingExpressionSyntax binding => NameLocation(binding.Name),
        SimpleNameSyntax name => name.Identifier.GetLocation(),
        _ => syntax.GetLocation(),
    };

    private static IEnumerable<IMethodSymbol> Implemented(IMethodSymbol method, INamedTypeSymbol type)
        => type.TypeKind == TypeKind.Interface
            ? []
            : type.AllInterfaces
                .SelectMany(each => each.GetMembers(method.Name.Substring(method.Name.LastIndexOf('.') + 1)))
                .OfType<IMethodSymbol>()
                .Where(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), method));

    private static string? FallbackOf(IMethodSymbol wrapper)
        => wrapper.Find(KnownNames.Retry)?.NamedArguments.FirstOrDefault(static argument => argument.Key == "Fallback").Value.Value as string;

    private static bool Calls(IMethodSymbol wrapper, IMethodSymbol core, Compilation compilation)
    {
        Target? target = new PartialMethodSite(wrapper, CallShape.Of(wrapper), compilation).FindAttempt(new DiagnosticSink());
        return target is not null && SymbolEqualityComparer.Default.Equals(target.Method.OriginalDefinition, core.OriginalDefinition);
    }
}
