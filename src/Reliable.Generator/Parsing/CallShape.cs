using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>A method's parameters, sorted by what they are for. Lives only while a method is parsed.</summary>
internal sealed class CallShape
{
    private CallShape(ImmutableArray<(IParameterSymbol Parameter, ParameterKind Kind)> all) => All = all;

    public ImmutableArray<(IParameterSymbol Parameter, ParameterKind Kind)> All { get; }

    public IEnumerable<IParameterSymbol> Ordinary => All.Where(each => each.Kind == ParameterKind.Ordinary).Select(each => each.Parameter);

    public static CallShape Of(IMethodSymbol method)
    {
        ImmutableArray<(IParameterSymbol, ParameterKind)>.Builder all = ImmutableArray.CreateBuilder<(IParameterSymbol, ParameterKind)>();
        HashSet<ParameterKind> found = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ParameterKind kind = KindOf(parameter.Type);

            // A second parameter of a kind is the call's own.
            all.Add((parameter, kind == ParameterKind.Ordinary || found.Add(kind) ? kind : ParameterKind.Ordinary));
        }

        return new CallShape(all.ToImmutable());
    }

    public static ParameterKind KindOf(ITypeSymbol type) => type switch
    {
        _ when type.Is(KnownNames.CancellationToken) => ParameterKind.Token,
        _ when type.Is(KnownNames.AttemptContext) => ParameterKind.Attempt,
        _ when type.Is(KnownNames.Runtime) => ParameterKind.Runtime,
        INamedTypeSymbol named when type.Is(KnownNames.Progress) && named.TypeArguments[0].Is(KnownNames.RetryStatus) => ParameterKind.Progress,
        _ => ParameterKind.Ordinary,
    };

    public IParameterSymbol? Find(ParameterKind kind) => All.FirstOrDefault(each => each.Kind == kind).Parameter;
}
