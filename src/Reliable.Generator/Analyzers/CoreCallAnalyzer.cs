using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>Finds calls that go past a wrapper: of the Core method, from code that is not an attempt itself.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CoreCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.CoreCalledDirectly];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation, OperationKind.MethodReference);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        IMethodSymbol? called = context.Operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IMethodReferenceOperation { Parent: not INameOfOperation } reference => reference.Method,
            _ => null,
        };

        // Most calls are of other methods: their name says so before anything is looked up.
        if (called is null || Identifiers.Wrapper(called.Name) is null)
        {
            return;
        }

        IMethodSymbol? around = Attempts.MethodAround(context.ContainingSymbol);
        if ((around is not null && (around.Name == called.Name || Attempts.WrappersOf(around).Any()))
            || Attempts.WrapperOfCore(called, context.ContainingSymbol.ContainingType, context.Compilation) is not { } wrapper)
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.CoreCalledDirectly,
            Attempts.NameLocation(context.Operation.Syntax),
            called.Name,
            wrapper.Name,
            Documentation.Features(wrapper)));
    }
}
