using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Parsing;

/// <summary>
/// Decides whether a method can stand in for another: the same parameters and the same answer, with or without an <c>AttemptContext</c>, a
/// <c>CancellationToken</c>, and what the caller has of progress and runtime.
/// </summary>
internal sealed class TargetMatcher(IMethodSymbol caller, CallShape shape, Compilation compilation)
{
    private readonly ImmutableArray<IParameterSymbol> _ordinary = [.. shape.Ordinary];

    /// <summary>
    /// The best of the candidates: the one that takes most of what an attempt can tell. Those of the type itself come first, for an inherited one is not called where one
    /// that is nearer can be, whatever that returns.
    /// </summary>
    /// <param name="candidates">All methods of the name that can be seen, those of the nearest type first.</param>
    /// <param name="isUsable">Which of them may be called.</param>
    public Target? Choose(IReadOnlyCollection<IMethodSymbol> candidates, Func<IMethodSymbol, bool> isUsable)
    {
        return candidates.Where(isUsable)
            .Select(Match)
            .OfType<Target>()
            .Where(target => !candidates.TakeWhile(other => !SymbolEqualityComparer.Default.Equals(other.ContainingType, target.Method.ContainingType))
                .Any(nearer => !nearer.IsOverride && CanTake(nearer, [.. target.Given])))
            .OrderByDescending(static target => target.Method.Parameters.Length)
            .FirstOrDefault();
    }

    /// <summary>Whether a call with these arguments could mean a method. Type arguments may be inferred, so that a generic one always can.</summary>
    private bool CanTake(IMethodSymbol method, List<ITypeSymbol> given)
    {
        int needed = method.Parameters.Count(static parameter => !parameter.IsOptional && !parameter.IsParams);
        bool hasParams = method.Parameters.Any(static parameter => parameter.IsParams);
        return given.Count >= needed
            && (hasParams || given.Count <= method.Parameters.Length)
            && method.Parameters.Zip(given, (parameter, type) => method.Arity > 0 || parameter.IsParams || CanTake(parameter, type)).All(static can => can);
    }

    private bool CanTake(IParameterSymbol parameter, ITypeSymbol given)
        => parameter.RefKind is not (RefKind.Ref or RefKind.Out) && compilation.ClassifyConversion(given, parameter.Type).IsImplicit;

    private Target? Match(IMethodSymbol candidate)
    {
        if (candidate.Arity != caller.Arity || candidate.RefKind != RefKind.None || (caller.IsStatic && !candidate.IsStatic))
        {
            return null;
        }

        IMethodSymbol target = caller.Arity == 0 ? candidate : candidate.Construct(caller.TypeArguments, caller.TypeArgumentNullableAnnotations);
        if (!Nullability.CanReturn(target.ReturnType, caller.ReturnType, compilation) || (caller.Arity > 0 && !Constraints.Imply(caller, target)))
        {
            return null;
        }

        CallShape own = CallShape.Of(target);
        ImmutableArray<IParameterSymbol> wanted = [.. own.Ordinary];
        if (wanted.Length != _ordinary.Length || !Enumerable.Range(0, wanted.Length).All(index => Fits(index, wanted[index])))
        {
            return null;
        }

        ImmutableArray<(IParameterSymbol Own, ParameterKind Kind, IParameterSymbol? Source)> arguments =
            [.. own.All.Select(each => (each.Parameter, each.Kind, SourceOf(each.Parameter, each.Kind, wanted)))];
        return arguments.All(static each => each.Source is not null || each.Kind is ParameterKind.Attempt or ParameterKind.Token)
            ? new Target(target, arguments)
            : null;
    }

    private IParameterSymbol? SourceOf(IParameterSymbol parameter, ParameterKind kind, ImmutableArray<IParameterSymbol> wanted) => kind switch
    {
        ParameterKind.Attempt or ParameterKind.Token => parameter.RefKind is RefKind.None or RefKind.In ? null : parameter,
        ParameterKind.Ordinary => _ordinary[wanted.IndexOf(parameter, SymbolEqualityComparer.Default)],
        _ => shape.Find(kind) is { } source && Passes(source, parameter) ? source : null,
    };

    /// <summary>A parameter may have another name, but not the name of another parameter: then the two were probably exchanged.</summary>
    private bool Fits(int index, IParameterSymbol wanted)
        => Passes(_ordinary[index], wanted)
            && (wanted.Name == _ordinary[index].Name || !_ordinary.Any(other => other.Name == wanted.Name));

    private bool Passes(IParameterSymbol from, IParameterSymbol to)
        => to.RefKind is RefKind.None or RefKind.In or RefKind.RefReadOnlyParameter && Nullability.CanPass(from, to, compilation);
}
