using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>Finds what retries by itself behind a method with <c>[Retry]</c>, where that can be seen.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RepeatedRetryAnalyzer : DiagnosticAnalyzer
{
    private const string PipelineOptions = "System.ClientModel.Primitives.ClientPipelineOptions";
    private const string RetryPolicy = "System.ClientModel.Primitives.ClientRetryPolicy";

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
        if (assignment.Target is IPropertyReferenceOperation { Property: { Name: "RetryPolicy" } property } target
            && property.ContainingType.Is(PipelineOptions)
            && !IsNoRetry(assignment.Value)
            && Retried(context.ContainingSymbol.ContainingType) is { } wrapper)
        {
            Report(context, target.Syntax, property.Name, wrapper);
        }
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode syntax, string retrying, IMethodSymbol wrapper)
        => context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.RetriedTwice, Attempts.NameLocation(syntax), retrying, $"{wrapper.ContainingType.Name}.{wrapper.Name}"));

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

    private static IMethodSymbol? Retried(ITypeSymbol? type)
        => type is INamedTypeSymbol named ? AnnotatedMethods.Of(named).FirstOrDefault(RetriesByItself) : null;

    private static bool RetriesByItself(IMethodSymbol method)
        => method.Find(KnownNames.Retry) is { } retry
            && !retry.NamedArguments.Any(static argument => argument is { Key: "MaxRetries", Value.Value: 0 });

    private static bool IsPolly(IMethodSymbol method)
        => method.Name.StartsWith("Execute", StringComparison.Ordinal) && method.ContainingType is { ContainingNamespace: { Name: "Polly", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary><c>new ClientRetryPolicy(0)</c> is how such a client is told not to retry.</summary>
    private static bool IsNoRetry(IOperation value)
    {
        IOperation plain = value is IConversionOperation conversion ? conversion.Operand : value;
        return plain is IObjectCreationOperation { Type: { } type } creation
            && type.Is(RetryPolicy)
            && creation.Arguments.FirstOrDefault() is { Value.ConstantValue: { HasValue: true, Value: 0 } };
    }
}
