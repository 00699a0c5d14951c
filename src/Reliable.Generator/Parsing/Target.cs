using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>A method that an attempt calls, and which of the caller's parameters each of its own is given. Lives only while a method is parsed.</summary>
internal sealed class Target(IMethodSymbol method, ImmutableArray<(IParameterSymbol Own, ParameterKind Kind, IParameterSymbol? Source)> arguments)
{
    public IMethodSymbol Method => method;

    /// <summary>The caller's parameters that it needs, apart from the attempt's context and token.</summary>
    public IEnumerable<IParameterSymbol> Sources => arguments.Where(static each => each.Source is not null).Select(static each => each.Source!);

    /// <summary>The types of what it is given, in the order of its parameters.</summary>
    public IEnumerable<ITypeSymbol> Given => arguments.Select(static each => (each.Source ?? each.Own).Type);

    public TargetModel ToModel(Func<IParameterSymbol, string> elementOf) => new(
        method.IsStatic ? method.ContainingType.Full() : null,
        Identifiers.Write(method.Name) + TypeArguments(),
        arguments.Select(each => Argument(each.Own, each.Kind, each.Source, elementOf)).ToEquatableArray());

    private static ArgumentModel Argument(IParameterSymbol own, ParameterKind kind, IParameterSymbol? source, Func<IParameterSymbol, string> elementOf) => kind switch
    {
        ParameterKind.Attempt => new ArgumentModel(ArgumentSource.Attempt),
        ParameterKind.Token => new ArgumentModel(ArgumentSource.Token),
        _ => new ArgumentModel(ArgumentSource.State, elementOf(source!), own.RefKind == RefKind.RefReadOnlyParameter),
    };

    private string TypeArguments()
        => method.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", method.TypeArguments.Select(static argument => argument.Full()))}>";
}
