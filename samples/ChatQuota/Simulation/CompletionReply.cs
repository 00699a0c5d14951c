namespace ChatQuota.Simulation;

/// <summary>The bodies the simulated model answers with, in the format of <c>/v1/chat/completions</c>.</summary>
internal static class CompletionReply
{
    public static object Text(CompletionRequest request, string id, string content, string finishReason = "stop")
        => Completion(request, id, new { role = "assistant", content, refusal = (string?)null }, finishReason, content.Length);

    public static object ToolCall(CompletionRequest request, string id, string tool)
    {
        object call = new { id = "call_" + id, type = "function", function = new { name = tool, arguments = """{"summary":"The customer asks for help."}""" } };
        return Completion(request, id, new { role = "assistant", content = (string?)null, refusal = (string?)null, tool_calls = new[] { call } }, "tool_calls", 40);
    }

    public static object Error(string message, string type, string? code = null)
        => new { error = new { message, type, param = (string?)null, code } };

    private static object Completion(CompletionRequest request, string id, object message, string finishReason, int characters)
    {
        // Four characters to a token is how such models are commonly estimated.
        int promptTokens = 8 + (request.Question.Length / 4);
        int completionTokens = characters / 4;
        return new
        {
            id = "chatcmpl-" + id,
            @object = "chat.completion",
            created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            model = request.Model,
            choices = new[] { new { index = 0, message, logprobs = (object?)null, finish_reason = finishReason } },
            usage = new { prompt_tokens = promptTokens, completion_tokens = completionTokens, total_tokens = promptTokens + completionTokens },
        };
    }
}
