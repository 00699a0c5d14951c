using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analyzers;

/// <summary>Clients that are built on System.ClientModel, as OpenAI's and Azure's are: they retry three times unless their options say otherwise.</summary>
internal static class RetryingClients
{
    private const string PipelineOptions = "System.ClientModel.Primitives.ClientPipelineOptions";
    private const string RetryPolicy = "System.ClientModel.Primitives.ClientRetryPolicy";

    /// <summary>Whether options are told to retry.</summary>
    public static bool Retries(ISimpleAssignmentOperation assignment)
        => assignment.Target is IPropertyReferenceOperation target && IsRetryPolicy(target.Property) && !IsNoRetry(assignment.Value);

    /// <summary>Whether a client is made that retries because nobody says otherwise: without options, or with options that are written there and leave it out.</summary>
    public static bool RetriesByDefault(IObjectCreationOperation creation)
    {
        if (creation.Type is not INamedTypeSymbol type || type.TypeKind != TypeKind.Class || IsOptions(type)
            || !type.InstanceConstructors.Any(static each => each.Parameters.Any(static parameter => IsOptions(parameter.Type))))
        {
            return false;
        }

        IArgumentOperation? given = creation.Arguments.FirstOrDefault(static argument => IsOptions(argument.Parameter?.Type));
        return !HasPolicyFromElsewhere(creation) && (given is null || LeavesItOut(given));
    }

    /// <summary>A constructor that takes a whole pipeline, or another client, has its policy from there.</summary>
    private static bool HasPolicyFromElsewhere(IObjectCreationOperation creation)
        => creation.Constructor is { Parameters: var parameters } && parameters.Any(static each => each.Type.Name is "ClientPipeline" || each.Type.Name.EndsWith("Client", StringComparison.Ordinal));

    private static bool LeavesItOut(IArgumentOperation argument)
    {
        IOperation value = Plain(argument.Value);
        return argument.ArgumentKind == ArgumentKind.DefaultValue
            || value.ConstantValue is { HasValue: true, Value: null }
            || (value is IObjectCreationOperation { Arguments.IsEmpty: true } options
                && !(options.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Any(static each => each.Target is IPropertyReferenceOperation target && IsRetryPolicy(target.Property)) ?? false));
    }

    private static bool IsRetryPolicy(IPropertySymbol property) => property.Name == "RetryPolicy" && property.ContainingType.Is(PipelineOptions);

    private static bool IsOptions(ITypeSymbol? type) => type is { TypeKind: TypeKind.Class } && type.SelfAndBases().Any(static each => each.Is(PipelineOptions));

    /// <summary><c>new ClientRetryPolicy(0)</c> is how such a client is told not to retry.</summary>
    private static bool IsNoRetry(IOperation value)
        => Plain(value) is IObjectCreationOperation { Type: { } type } creation
            && type.Is(RetryPolicy)
            && creation.Arguments.FirstOrDefault() is { Value.ConstantValue: { HasValue: true, Value: 0 } };

    private static IOperation Plain(IOperation value) => value is IConversionOperation conversion ? conversion.Operand : value;
}
