using Microsoft.CodeAnalysis;
using Reliable.Generator.Analysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads one annotated method: checks it against all rules, and describes the call that it becomes.</summary>
internal static class CallParser
{
    /// <summary>The call and the methods it makes, or <see langword="null"/> after an error.</summary>
    public static (CallModel Call, IEnumerable<IMethodSymbol> Targets)? Parse(
        IMethodSymbol method,
        CallShape shape,
        CallSite site,
        Func<IMethodSymbol, string> fieldOf,
        Compilation compilation,
        DiagnosticSink sink,
        CancellationToken cancellation)
    {
        ITypeSymbol? answer = SignatureRules.CheckReturnType(method, sink, cancellation);
        SignatureRules.CheckParameters(method, shape, sink, cancellation);
        AttributeReader? retry = AttributeReader.Of(method, KnownNames.Retry, cancellation);
        AttributeReader? validation = AttributeReader.Of(method, KnownNames.ValidateResponse, cancellation);
        AttributeReader? usage = AttributeReader.Of(method, KnownNames.UsageTransaction, cancellation);
        CheckValues(method, answer, retry, validation, usage, compilation, sink);
        Roles roles = Roles.Read(method, shape, sink);

        // Whom to call is asked only of a method that could be wrapped: one clear error, not four.
        if (sink.HasErrors)
        {
            return null;
        }

        string? runtime = site.FindRuntime(sink);
        Target? attempt = site.FindAttempt(sink);
        Target? fallback = retry?.Text("Fallback") is { } name ? site.FindFallback(name, retry.Location("Fallback"), sink) : null;
        if (sink.HasErrors || runtime is null || attempt is null)
        {
            return null;
        }

        CallState state = CallState.For(method, site, attempt, fallback);
        PolicyModel policy = new(
            fieldOf(method),
            $"{method.ContainingType.Name}.{method.Name}".Literal(),
            retry?.ToModel(),
            validation?.ToModel(),
            usage?.ToModel(),
            validation?.Type("Validator")?.Full());
        CallModel call = new(
            policy,
            runtime,
            state.Elements,
            state.Parameter,
            attempt.ToModel(state.ElementOf),
            fallback?.ToModel(state.ElementOf),
            roles.UserId,
            roles.ModelId,
            roles.CorrelationId,
            shape.Find(ParameterKind.Progress)?.Escaped(),
            shape.Find(ParameterKind.Token)?.Escaped());
        return (call, fallback is null ? [attempt.Method] : [attempt.Method, fallback.Method]);
    }

    private static void CheckValues(
        IMethodSymbol method,
        ITypeSymbol? answer,
        AttributeReader? retry,
        AttributeReader? validation,
        AttributeReader? usage,
        Compilation compilation,
        DiagnosticSink sink)
    {
        if (retry is not null)
        {
            RetryRules.Check(retry, sink);
        }

        if (validation is not null)
        {
            ValidationRules.Check(method, answer, validation, compilation, sink);
        }

        if (usage is not null)
        {
            UsageRules.Check(usage, sink);
        }
    }
}
