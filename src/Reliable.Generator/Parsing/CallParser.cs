using Microsoft.CodeAnalysis;
using Reliable.Generator.Analysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads one annotated method: checks it against all rules, and describes the call that it becomes.</summary>
internal static class CallParser
{
    /// <summary>The call and what it names, or <see langword="null"/> after an error.</summary>
    public static (CallModel Call, IEnumerable<ISymbol> Named)? Parse(
        IMethodSymbol method,
        CallShape shape,
        CallSite site,
        Func<IMethodSymbol, string> fieldOf,
        Compilation compilation,
        DiagnosticSink sink,
        CancellationToken cancellation)
    {
        AnswerShape? answer = SignatureRules.CheckReturnType(method, sink, cancellation);
        SignatureRules.CheckParameters(method, shape, sink, cancellation);
        AttributeReader? retry = AttributeReader.Of(method, KnownNames.Retry, cancellation);
        AttributeReader? validation = AttributeReader.Of(method, KnownNames.ValidateResponse, cancellation);
        AttributeReader? usage = AttributeReader.Of(method, KnownNames.UsageTransaction, cancellation);
        string field = fieldOf(method);
        var rules = ReadAnswer(answer, validation, PolicyFields.RulesOf(field, method), site, compilation, sink);
        CheckValues(method, answer, rules is not null, retry, validation, usage, compilation, sink);
        Roles roles = Roles.Read(method, shape, sink);
        if (retry is not null)
        {
            SignatureRules.CheckRepeatable(shape, retry, sink, cancellation);
        }

        // Whom to call is asked only of a method that could be wrapped: one clear error, not four.
        if (sink.HasErrors)
        {
            return null;
        }

        var runtime = site.FindRuntime(sink);
        Target? attempt = site.FindAttempt(sink);
        Target? fallback = retry?.Text("Fallback") is { } name ? site.FindFallback(name, retry.Location("Fallback"), sink) : null;
        if (sink.HasErrors || runtime is not { } found || attempt is null)
        {
            return null;
        }

        CallState state = CallState.For(method, site, attempt, fallback);
        PolicyModel policy = new(
            field,
            $"{method.ContainingType.Name}.{method.Name}".Literal(),
            retry?.ToModel(),
            validation?.ToModel(),
            usage?.ToModel(),
            validation?.Type("Validator") is { } validator && !ValidatorRules.IsFromServices(validator) ? validator.Full() : null,
            rules?.Model);
        CallModel call = new(
            policy,
            answer!.Kind == AnswerKind.Stream,
            found.Expression,
            state.Elements,
            state.Parameter,
            attempt.ToModel(state.ElementOf),
            fallback?.ToModel(state.ElementOf),
            roles.UserId,
            roles.ModelId,
            roles.CorrelationId,
            shape.Find(ParameterKind.Progress)?.Escaped(),
            shape.Find(ParameterKind.Token)?.Escaped());
        IEnumerable<IMethodSymbol> targets = fallback is null ? [attempt.Method] : [attempt.Method, fallback.Method];
        ISymbol?[] others = [found.Named, validation?.Type("Validator")];
        return (call, targets.SelectMany(SuppressedWarnings.Signature).Concat(others.OfType<ISymbol>()).Concat(rules?.Named ?? []));
    }

    /// <summary>What the type of an answer says of its members. Built-in rules judge text and messages; a stream is judged as it comes.</summary>
    private static (AnswerRulesModel Model, IEnumerable<ISymbol> Named)? ReadAnswer(
        AnswerShape? answer, AttributeReader? validation, string className, CallSite site, Compilation compilation, DiagnosticSink sink)
        => validation is not null && answer is { Kind: AnswerKind.Once, Answer: { } type } && !ValidationRules.IsBuiltIn(type)
            ? AnswerRulesReader.Read(type, className, site.Within, compilation, validation.Location(), sink)
            : null;

    private static void CheckValues(
        IMethodSymbol method,
        AnswerShape? answer,
        bool hasMemberRules,
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
            ValidationRules.Check(method, answer, hasMemberRules, validation, compilation, sink);
        }

        if (usage is not null)
        {
            UsageRules.Check(usage, sink);
        }
    }
}
