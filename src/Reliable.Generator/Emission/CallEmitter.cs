using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the policy field and the one expression that a wrapped method consists of.</summary>
internal static class CallEmitter
{
    private static readonly string s_stepThrough = KnownNames.Attribute(KnownNames.DebuggerStepThrough);

    public static void WritePolicy(SourceWriter writer, PolicyModel policy)
    {
        List<string> arguments = [$"operation: {policy.Operation}"];
        AddAttribute(arguments, "retry", policy.Retry);
        AddAttribute(arguments, "validation", policy.Validation);
        AddAttribute(arguments, "usage", policy.Usage);
        if (policy.Validator is { } validator)
        {
            arguments.Add($"validator: static () => new {validator}()");
        }

        if (policy.Answer is { } answer)
        {
            arguments.Add($"answer: {AnswerRulesEmitter.Reference(answer)}");
        }

        string type = KnownNames.Global(KnownNames.CallPolicy);
        writer.Line($$"""
            private static readonly {{type}} {{policy.Field}} = {{type}}.Create(
                {{string.Join(",\n    ", arguments)}});
            """);
    }

    public static void WriteBody(SourceWriter writer, CallModel call)
    {
        List<string> arguments =
        [
            call.Runtime,
            call.Policy.Field,
            State(call),
            Lambda(call, call.Attempt),
        ];
        if (call.Fallback is { } fallback)
        {
            arguments.Add($"fallback: {Lambda(call, fallback)}");
        }

        AddNamed(arguments, "userId", call.UserId);
        AddNamed(arguments, "modelId", call.ModelId);
        AddNamed(arguments, "correlationId", call.CorrelationId);
        AddNamed(arguments, "progress", call.Progress);
        AddNamed(arguments, "cancellationToken", call.CancellationToken);
        writer.Line($$"""
                => {{KnownNames.Global(KnownNames.CallRunner)}}.{{(call.IsStream ? "StreamAsync" : "RunAsync")}}(
                    {{string.Join(",\n        ", arguments)}});
            """);
    }

    private static void AddAttribute(List<string> arguments, string name, AttributeModel? attribute)
    {
        if (attribute is not null)
        {
            string values = attribute.Assignments.Count == 0 ? "()" : $" {{ {string.Join(", ", attribute.Assignments)} }}";
            arguments.Add($"{name}: new {attribute.Type}{values}");
        }
    }

    private static void AddNamed(List<string> arguments, string name, string? value)
    {
        if (value is not null)
        {
            arguments.Add($"{name}: {value}");
        }
    }

    /// <summary>One tuple; the thing itself when there is one, and an empty value when there is none.</summary>
    private static string State(CallModel call) => call.State.Count switch
    {
        0 => "default(global::System.ValueTuple)",
        1 => call.State[0].Value,
        _ => $"({string.Join(", ", call.State.Select(static element => element.Name == element.Value ? element.Value : $"{element.Name}: {element.Value}"))})",
    };

    private static string Lambda(CallModel call, TargetModel target)
    {
        string receiver = target.StaticType ?? (call.State.Count == 1 ? call.StateParameter : $"{call.StateParameter}.{call.State[0].Name}");
        IEnumerable<string> arguments = target.Arguments.Select(argument => Argument(call, argument));

        // A step out of the wrapper, into what it calls, ends in the user's own method.
        return $"[{s_stepThrough}] static ({call.StateParameter}, attempt, token) => {receiver}.{target.Method}({string.Join(", ", arguments)})";
    }

    private static string Argument(CallModel call, ArgumentModel argument) => argument.Source switch
    {
        ArgumentSource.Attempt => "attempt",
        ArgumentSource.Token => "token",
        _ => (argument.ByReference ? "in " : "") + (call.State.Count == 1 ? call.StateParameter : $"{call.StateParameter}.{argument.Element}"),
    };
}
