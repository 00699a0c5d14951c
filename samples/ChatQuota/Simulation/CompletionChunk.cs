namespace ChatQuota.Simulation;

/// <summary>The chunks the simulated model streams, in the format of <c>/v1/chat/completions</c> with <c>stream</c>.</summary>
internal static class CompletionChunk
{
    public static object Delta(CompletionRequest request, string id, object delta) => Chunk(request, id, delta, finishReason: null);

    public static object End(CompletionRequest request, string id, string finishReason) => Chunk(request, id, new { }, finishReason);

    /// <param name="request">The request.</param>
    /// <param name="id">The answer's id.</param>
    /// <param name="tool">The tool's name, in the first chunk of a call.</param>
    /// <param name="arguments">The next piece of the arguments.</param>
    public static object ToolCall(CompletionRequest request, string id, string? tool, string arguments)
    {
        object call = tool is null
            ? new { index = 0, function = new { arguments } }
            : new { index = 0, id = "call_" + id, type = "function", function = new { name = tool, arguments } };
        return Delta(request, id, new { tool_calls = new[] { call } });
    }

    private static object Chunk(CompletionRequest request, string id, object delta, string? finishReason) => new
    {
        id = "chatcmpl-" + id,
        @object = "chat.completion.chunk",
        created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        model = request.Model,
        choices = new[] { new { index = 0, delta, logprobs = (object?)null, finish_reason = finishReason } },
    };
}
