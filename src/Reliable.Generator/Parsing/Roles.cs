using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;

namespace Reliable.Generator.Parsing;

/// <summary>Who is charged, which model is called and which conversation it belongs to, as expressions that are strings.</summary>
internal sealed record Roles(string? UserId, string? ModelId, string? CorrelationId)
{
    private static readonly string[] s_userNames = ["userId"];
    private static readonly string[] s_modelNames = ["modelId"];
    private static readonly string[] s_correlationNames = ["chatId", "conversationId", "correlationId"];

    public static Roles Read(IMethodSymbol method, CallShape shape, DiagnosticSink sink)
    {
        AttributeData? usage = method.Find(KnownNames.UsageTransaction);
        IParameterSymbol? user = Find(shape, KnownNames.UserId, s_userNames, "the user's id", sink);
        if (user is null && usage is not null)
        {
            Location? location = usage.ApplicationSyntaxReference is { } reference
                ? Location.Create(reference.SyntaxTree, reference.Span)
                : method.SourceLocation();
            sink.Report(DiagnosticDescriptors.UserIdMissing, location, method.Name);
        }

        return new Roles(
            Text(user, KnownNames.UserId, "the user's id", sink, isRequired: usage is not null),
            Text(Find(shape, KnownNames.ModelId, s_modelNames, "the model's id", sink), KnownNames.ModelId, "the model's id", sink),
            Text(
                Find(shape, KnownNames.CorrelationId, s_correlationNames, "the conversation's id", sink),
                KnownNames.CorrelationId,
                "the conversation's id",
                sink));
    }

    private static IParameterSymbol? Find(CallShape shape, string attribute, string[] names, string role, DiagnosticSink sink)
    {
        IParameterSymbol? marked = null;
        foreach (IParameterSymbol parameter in shape.All.Select(static each => each.Parameter).Where(parameter => parameter.Has(attribute)))
        {
            if (marked is not null)
            {
                sink.Report(DiagnosticDescriptors.RoleTwice, parameter.SourceLocation(), marked.Name, parameter.Name, role);
            }

            marked ??= parameter;
        }

        // By name, the earlier name wins: 'chatId' before 'correlationId'.
        return marked ?? names
            .Select(name => shape.Ordinary.FirstOrDefault(parameter => parameter.Name == name))
            .FirstOrDefault(static parameter => parameter is not null);
    }

    /// <summary>A role found by its name alone is left out when it has no text, unless someone is charged by it.</summary>
    private static string? Text(IParameterSymbol? parameter, string attribute, string role, DiagnosticSink sink, bool isRequired = false)
    {
        if (parameter is null)
        {
            return null;
        }

        string? text = TextConversions.ToText(parameter);
        if (text is null && (isRequired || parameter.Has(attribute)))
        {
            sink.Report(DiagnosticDescriptors.RoleNotText, parameter.SourceLocation(), parameter.Name, role, parameter.Type.Short());
        }

        return text;
    }
}
