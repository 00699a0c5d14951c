using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>Finds what retries by itself behind a method with <c>[Retry]</c>, where that can be seen.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RepeatedRetryAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableHashSet<string> s_handlers =
    [
        "AddStandardResilienceHandler", "AddStandardHedgingHandler", "AddResilienceHandler", "AddPolicyHandler", "AddTransientHttpErrorPolicy",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.RetriedTwice];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeAssignment, OperationKind.SimpleAssignment);
        context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        IMethodSymbol? wrapper = null;
        if (s_handlers.Contains(call.TargetMethod.Name))
        {
            wrapper = Retried(ClientOf(call));
        }
        else if ((RetriesByItself(call.TargetMethod) || IsPolly(call.TargetMethod)) && Attempts.MethodAround(context.ContainingSymbol) is { } attempt)
        {
            wrapper = Attempts.WrappersOf(attempt).FirstOrDefault(RetriesByItself);
        }

        if (wrapper is not null && !SymbolEqualityComparer.Default.Equals(wrapper, call.TargetMethod.OriginalDefinition))
        {
            Report(context, call.Syntax, call.TargetMethod.Name, wrapper);
        }
    }

    private static void AnalyzeAssignment(OperationAnalysisContext context)
    {
        var assignment = (ISimpleAssignmentOperation)context.Operation;
        if (RetryingClients.Retries(assignment) && Retried(context.ContainingSymbol.ContainingType) is { } wrapper)
        {
            Report(context, assignment.Target.Syntax, "RetryPolicy", wrapper);
        }
    }

    private static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (RetryingClients.RetriesByDefault(creation) && Retried(context.ContainingSymbol.ContainingType) is { } wrapper)
        {
            Report(context, creation.Syntax is BaseObjectCreationExpressionSyntax { NewKeyword: var keyword } ? keyword.GetLocation() : creation.Syntax.GetLocation(), creation.Type!.Name, wrapper);
        }
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode syntax, string retrying, IMethodSymbol wrapper)
        => Report(context, Attempts.NameLocation(syntax), retrying, wrapper);

    private static void Report(OperationAnalysisContext context, Location location, string retrying, IMethodSymbol wrapper)
        => context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.RetriedTwice, location, retrying, $"{wrapper.ContainingType.Name}.{wrapper.Name}"));

    /// <summary>The class that an <c>HttpClient</c> is configured for, at the beginning of the chain of calls.</summary>
    private static ITypeSymbol? ClientOf(IInvocationOperation call)
    {
        IOperation? each = call;
        while (each is IInvocationOperation invocation)
        {
            if (invocation.TargetMethod is { Name: "AddHttpClient", TypeArguments: { IsEmpty: false } types })
            {
                return types[types.Length - 1];
            }

            each = invocation.Instance ?? (invocation.Arguments.IsEmpty ? null : invocation.Arguments[0].Value);
            while (each is IConversionOperation conversion)
            {
                each = conversion.Operand;
            }
        }

        return null;
    }

    /// <summary>A method of a class that is retried, by its own annotation or by that of an interface behind whose decorator the class stands.</summary>
    private static IMethodSymbol? Retried(ITypeSymbol? type)
        => type is INamedTypeSymbol named ? named.AllInterfaces.Prepend(named).SelectMany(AnnotatedMethods.Of).FirstOrDefault(RetriesByItself) : null;

    private static bool RetriesByItself(IMethodSymbol method)
        => method.Find(KnownNames.Retry) is { } retry
            && !retry.NamedArguments.Any(static argument => argument is { Key: "MaxRetries", Value.Value: 0 });

    private static bool IsPolly(IMethodSymbol method)
        => method.Name.StartsWith("Execute", StringComparison.Ordinal) && method.ContainingType is { ContainingNamespace: { Name: "Polly", ContainingNamespace.IsGlobalNamespace: true } };
}
