using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Diagnostics;

namespace Reliable.Generator.Parsing;

/// <summary>A partial method: attempts call the Core method and the fallback beside it.</summary>
internal sealed class PartialMethodSite(IMethodSymbol method, CallShape shape, Compilation compilation) : CallSite
{
    private readonly TargetMatcher _matcher = new(method, shape, compilation);

    public override string Self => "this";

    public override string SelfName => "self";

    public override ISymbol Within => method.ContainingType;

    public override (string Expression, ISymbol? Named)? FindRuntime(DiagnosticSink sink)
    {
        if (RuntimeFinder.Find(method, shape, compilation) is not { } runtime)
        {
            string advice = method.IsStatic
                ? "a parameter 'ReliableRuntime reliable'"
                : "a field, a property or a primary constructor's parameter of type 'ReliableRuntime'";
            sink.Report(DiagnosticDescriptors.RuntimeMissing, method.SourceLocation(), method.Name, advice);
            return null;
        }

        return runtime;
    }

    public override Target? FindAttempt(DiagnosticSink sink)
    {
        string name = Identifiers.Core(method.Name);
        List<IMethodSymbol> candidates = Candidates(name);

        // A wrapped method would begin a second transaction, and the compiler refuses one that is obsolete with an error.
        Target? target = _matcher.Choose(candidates, static candidate => !AnnotatedMethods.IsAnnotated(candidate) && !candidate.IsRefused());
        if (target is not null)
        {
            return target;
        }

        string expected = MethodText.Expected(method, shape, name);
        if (candidates.Count == 0)
        {
            sink.Report(DiagnosticDescriptors.CoreMissing, method.SourceLocation(), method.Name, expected);
        }
        else
        {
            Location? location = candidates[0].SourceLocation() ?? method.SourceLocation();
            sink.Report(DiagnosticDescriptors.CoreMismatch, location, name, method.Name, expected, MethodText.Of(candidates[0]));
        }

        return null;
    }

    public override Target? FindFallback(string name, Location? location, DiagnosticSink sink)
    {
        List<IMethodSymbol> candidates = Candidates(name);
        string expected = MethodText.Expected(method, shape, name);
        if (candidates.Count == 0)
        {
            sink.Report(DiagnosticDescriptors.FallbackMissing, location, method.ContainingType.Name, name, method.Name, "private " + expected);
            return null;
        }

        // A wrapped method would begin a second transaction: the user would be charged twice.
        List<IMethodSymbol> plain = candidates.FindAll(static candidate => !AnnotatedMethods.IsAnnotated(candidate));
        if (plain.Count == 0)
        {
            string reason = "it is annotated itself. Name a method that only makes the model call.";
            sink.Report(DiagnosticDescriptors.FallbackUnusable, location, name, method.Name, reason);
            return null;
        }

        Target? target = _matcher.Choose(candidates, static candidate => !AnnotatedMethods.IsAnnotated(candidate) && !candidate.IsRefused());
        if (target is null)
        {
            string reason = $"expected '{expected}', found '{MethodText.Of(plain[0])}'";
            sink.Report(DiagnosticDescriptors.FallbackUnusable, location, name, method.Name, reason);
        }

        return target;
    }

    private List<IMethodSymbol> Candidates(string name)
    {
        List<IMethodSymbol> candidates = [];
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            ImmutableArray<ISymbol> members = type.GetMembers(name);
            candidates.AddRange(members.OfType<IMethodSymbol>().Where(IsCallable));

            // Anything else of the name hides what is inherited.
            if (members.Any(static member => member is not IMethodSymbol))
            {
                break;
            }
        }

        return candidates;
    }

    private bool IsCallable(IMethodSymbol candidate)
        => candidate.MethodKind == MethodKind.Ordinary
            && compilation.IsSymbolAccessibleWithin(candidate, method.ContainingType, method.ContainingType);
}
