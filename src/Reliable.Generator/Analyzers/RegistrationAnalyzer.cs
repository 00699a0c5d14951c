using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>
/// Finds registrations that put an implementation in the place of its decorator: <c>AddScoped&lt;IChat, ChatService&gt;()</c> where the methods of <c>IChat</c> are annotated.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistrationAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableHashSet<string> s_registrations =
    [
        "AddSingleton", "AddScoped", "AddTransient", "TryAddSingleton", "TryAddScoped", "TryAddTransient",
        "AddKeyedSingleton", "AddKeyedScoped", "AddKeyedTransient", "TryAddKeyedSingleton", "TryAddKeyedScoped", "TryAddKeyedTransient",
        "AddHttpClient",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.RegisteredWithoutDecorator];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!s_registrations.Contains(call.TargetMethod.Name)
            || Registered(call) is not var (service, implementation)
            || service?.TypeKind != TypeKind.Interface
            || implementation is null
            || IsDecorator(implementation)
            || AnnotatedMethods.Of(service).FirstOrDefault() is not { } annotated)
        {
            return;
        }

        string registration = new DecoratorNames(service, context.Compilation).RegistrationName;
        string prefix = call.TargetMethod.Name.Contains("Keyed") ? "AddKeyed" : "Add";
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.RegisteredWithoutDecorator,
            Attempts.NameLocation(call.Syntax),
            implementation.Name,
            service.Name,
            Documentation.Features(annotated),
            $"{prefix}{registration}<{implementation.Name}>"));
    }

    /// <summary>What is registered as what: by type arguments, by types, or by a factory that does nothing but create.</summary>
    private static (INamedTypeSymbol? Service, INamedTypeSymbol? Implementation)? Registered(IInvocationOperation call)
    {
        ImmutableArray<ITypeSymbol> types = call.TargetMethod.TypeArguments;
        if (types.Length == 2)
        {
            return (types[0] as INamedTypeSymbol, Created(call) ?? types[1] as INamedTypeSymbol);
        }

        if (types.Length == 1)
        {
            return (types[0] as INamedTypeSymbol, Created(call));
        }

        ITypeSymbol[] named = [.. call.Arguments.Select(static argument => argument.Value).OfType<ITypeOfOperation>().Select(static each => each.TypeOperand)];
        return named.Length == 2 ? (named[0] as INamedTypeSymbol, named[1] as INamedTypeSymbol) : null;
    }

    /// <summary>The type that an argument, or what a factory returns, is created as.</summary>
    private static INamedTypeSymbol? Created(IInvocationOperation call)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            IOperation value = Plain(argument.Value);
            if (value is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Body.Operations: { Length: 1 } body } } && body[0] is IReturnOperation { ReturnedValue: { } returned })
            {
                value = Plain(returned);
            }

            if (value is IObjectCreationOperation { Type: INamedTypeSymbol type } && argument.Parameter?.Name != "serviceKey")
            {
                return type;
            }
        }

        return null;
    }

    private static IOperation Plain(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }

    private static bool IsDecorator(INamedTypeSymbol type)
        => type.Find(KnownNames.GeneratedCode) is { ConstructorArguments: { Length: 2 } arguments } && arguments[0].Value is "Reliable.Generator";
}
