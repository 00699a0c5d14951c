using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Diagnostics;

namespace Reliable.Generator.Parsing;

/// <summary>An interface's method: attempts call the same method of the implementation, and the fallback is another method of the interface.</summary>
internal sealed class DecoratorSite(IMethodSymbol method, CallShape shape, INamedTypeSymbol decorated, Compilation compilation) : CallSite
{
    public override string Self => Receiver(method.ContainingType, decorated, method.Parameters);

    public override string SelfName => "inner";

    public override ISymbol Within => compilation.Assembly;

    /// <summary>The implementation, as the interface that declares a member: what it inherits may be hidden or ambiguous otherwise.</summary>
    public static string Receiver(INamedTypeSymbol declaring, INamedTypeSymbol decorated, ImmutableArray<IParameterSymbol> parameters)
    {
        string inner = Field(DecoratorNames.Inner(decorated), parameters);
        return SymbolEqualityComparer.Default.Equals(declaring, decorated) ? inner : $"(({declaring.Full()}){inner})";
    }

    public override (string Expression, ISymbol? Named)? FindRuntime(DiagnosticSink sink) => (Field(DecoratorNames.Runtime(decorated), method.Parameters), null);

    public override Target? FindAttempt(DiagnosticSink sink)
    {
        ImmutableArray<(IParameterSymbol, ParameterKind, IParameterSymbol?)> arguments =
            [.. shape.All.Select(static each => (each.Parameter, each.Kind, each.Kind is ParameterKind.Attempt or ParameterKind.Token ? null : each.Parameter))];
        IMethodSymbol target = method.Arity == 0 ? method : method.Construct(method.TypeArguments, method.TypeArgumentNullableAnnotations);
        return new Target(target, arguments);
    }

    public override Target? FindFallback(string name, Location? location, DiagnosticSink sink)
    {
        List<IMethodSymbol> candidates =
        [
            .. method.ContainingType.AllInterfaces.Prepend(method.ContainingType)
                .SelectMany(type => type.GetMembers(name))
                .OfType<IMethodSymbol>()
                .Where(each => each is { MethodKind: MethodKind.Ordinary, IsStatic: false } && !SymbolEqualityComparer.Default.Equals(each, method)),
        ];
        Target? target = new TargetMatcher(method, shape, compilation).Choose(candidates, static _ => true);
        if (target is not null)
        {
            return target;
        }

        string expected = MethodText.Expected(method, shape, name);
        if (candidates.Count == 0)
        {
            sink.Report(DiagnosticDescriptors.FallbackMissing, location, method.ContainingType.Name, name, method.Name, expected);
        }
        else
        {
            string reason = $"expected '{expected}', found '{MethodText.Of(candidates[0])}'";
            sink.Report(DiagnosticDescriptors.FallbackUnusable, location, name, method.Name, reason);
        }

        return null;
    }

    /// <summary>A field, as it is written where a parameter may have its name.</summary>
    private static string Field(string name, ImmutableArray<IParameterSymbol> parameters)
        => parameters.Any(parameter => parameter.Name == name) ? "this." + name : name;
}
