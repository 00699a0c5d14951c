using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Parsing;

/// <summary>Constraint clauses of type parameters: written again, and compared.</summary>
internal static class Constraints
{
    public static EquatableArray<string> Of(ImmutableArray<ITypeParameterSymbol> parameters)
        => parameters.Select(Clause).Where(static clause => clause is not null).Select(static clause => clause!).ToEquatableArray();

    /// <summary>
    /// What an explicit implementation must say: constraints are inherited, but <c>T?</c> means one thing for classes and another for structs.
    /// </summary>
    public static EquatableArray<string> OfExplicit(IMethodSymbol method)
    {
        IEnumerable<ITypeSymbol> types = method.Parameters.Select(static parameter => parameter.Type).Append(method.ReturnType);
        return method.TypeParameters
            .Where(parameter => types.Any(type => IsAnnotatedIn(parameter, type)))
            .Select(static parameter => $"where {Identifiers.WriteType(parameter.Name)} : {ExplicitKind(parameter)}")
            .ToEquatableArray();
    }

    /// <summary>What the other half of an override must say: what its first half says, which may repeat <c>class</c> or <c>struct</c> without need.</summary>
    public static EquatableArray<string> OfOverride(MethodDeclarationSyntax syntax)
        => syntax.ConstraintClauses.Select(clause => $"where {Identifiers.WriteType(clause.Name.Identifier.ValueText)} : {string.Join(", ", clause.Constraints.Select(static each => each.ToString()))}").ToEquatableArray();

    /// <summary>Whether every type argument that one method accepts is accepted by another, whose type parameters are its own in the same order.</summary>
    public static bool Imply(IMethodSymbol method, IMethodSymbol target)
        => method.TypeParameters.Zip(target.OriginalDefinition.TypeParameters, (own, wanted) => Implies(own, wanted, method)).All(static implied => implied);

    private static bool Implies(ITypeParameterSymbol own, ITypeParameterSymbol wanted, IMethodSymbol method)
    {
        if ((wanted.HasReferenceTypeConstraint && !own.IsReferenceType)
            || (wanted.HasValueTypeConstraint && !own.HasValueTypeConstraint && !own.HasUnmanagedTypeConstraint)
            || (wanted.HasUnmanagedTypeConstraint && !own.HasUnmanagedTypeConstraint)
            || (wanted.HasConstructorConstraint && !own.HasConstructorConstraint && !own.HasValueTypeConstraint)
            || (wanted.HasNotNullConstraint && !own.HasNotNullConstraint && !own.IsValueType && own.ConstraintTypes.IsEmpty
                && own is not { HasReferenceTypeConstraint: true, ReferenceTypeConstraintNullableAnnotation: not NullableAnnotation.Annotated }))
        {
            return false;
        }

        // The constraint types are compared as written for the method's own type parameters.
        HashSet<string> given = [.. own.ConstraintTypes.Select(static type => type.Full())];
        return wanted.ConstraintTypes.All(type => given.Contains(Substituted(type, method).Full()));
    }

    private static ITypeSymbol Substituted(ITypeSymbol type, IMethodSymbol method) => type switch
    {
        ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } parameter
            => method.TypeParameters[parameter.Ordinal].WithNullableAnnotation(parameter.NullableAnnotation),
        INamedTypeSymbol { Arity: > 0 } named => named.ConstructedFrom
            .Construct([.. named.TypeArguments.Select(each => Substituted(each, method))], named.TypeArgumentNullableAnnotations)
            .WithNullableAnnotation(named.NullableAnnotation),
        _ => type,
    };

    private static string? Clause(ITypeParameterSymbol parameter)
    {
        List<string> parts = [];
        if (parameter.HasUnmanagedTypeConstraint)
        {
            parts.Add("unmanaged");
        }
        else if (parameter.HasValueTypeConstraint)
        {
            parts.Add("struct");
        }
        else if (parameter.HasReferenceTypeConstraint)
        {
            parts.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        }
        else if (parameter.HasNotNullConstraint)
        {
            parts.Add("notnull");
        }

        parts.AddRange(parameter.ConstraintTypes.Select(static type => type.Full()));
        if (parameter.HasConstructorConstraint)
        {
            parts.Add("new()");
        }

        if (parameter.AllowsRefLikeType)
        {
            parts.Add("allows ref struct");
        }

        return parts.Count == 0 ? null : $"where {Identifiers.WriteType(parameter.Name)} : {string.Join(", ", parts)}";
    }

    private static string ExplicitKind(ITypeParameterSymbol parameter) => parameter switch
    {
        { IsValueType: true } => "struct",
        { IsReferenceType: true } => "class",
        _ => "default",
    };

    private static bool IsAnnotatedIn(ITypeParameterSymbol parameter, ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol each => each.NullableAnnotation == NullableAnnotation.Annotated && each.Ordinal == parameter.Ordinal
            && each.TypeParameterKind == TypeParameterKind.Method,
        IArrayTypeSymbol array => IsAnnotatedIn(parameter, array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => IsAnnotatedIn(parameter, argument)),
        _ => false,
    };
}
