using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;

namespace ChatQuota.Simulation;

/// <summary>Acts out one <see cref="Behaviour"/> on a request for a stream.</summary>
internal static partial class StreamedPerformance
{
    public static async Task GiveAsync(
        HttpContext context, CompletionRequest request, string id, Behaviour behaviour, Dice.Roll roll, TimeSpan chunkDelay)
    {
        object[] chunks = [.. Chunks(request, id, behaviour, roll)];
        int sent = behaviour is Behaviour.DroppedConnection or Behaviour.CutStream or Behaviour.StalledStream
            ? roll.Index(purpose: 6, chunks.Length)
            : chunks.Length;
        context.Response.ContentType = "text/event-stream";
        for (int i = 0; i < sent; i++)
        {
            await Task.Delay(chunkDelay, context.RequestAborted);
            await SendAsync(context, JsonSerializer.Serialize(chunks[i]));
        }

        if (sent == chunks.Length)
        {
            await SendAsync(context, "[DONE]");
        }
        else if (behaviour == Behaviour.StalledStream)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        else
        {
            context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static IEnumerable<object> Chunks(CompletionRequest request, string id, Behaviour behaviour, Dice.Roll roll)
    {
        yield return CompletionChunk.Delta(request, id, new { role = "assistant", content = "" });
        if (behaviour == Behaviour.ToolCallsOnly && request.Tools.Count > 0)
        {
            string tool = request.Tools[roll.Index(purpose: 5, request.Tools.Count)];
            yield return CompletionChunk.ToolCall(request, id, tool, "");
            yield return CompletionChunk.ToolCall(request, id, null, """{"summary":"The customer""");
            yield return CompletionChunk.ToolCall(request, id, null, """ asks for help."}""");
            yield return CompletionChunk.End(request, id, "tool_calls");
            yield break;
        }

        foreach (Match word in Words().Matches(TextOf(behaviour, request, roll)))
        {
            yield return CompletionChunk.Delta(request, id, new { content = word.Value });
        }

        yield return CompletionChunk.End(request, id, behaviour == Behaviour.ContentFilter ? "content_filter" : "stop");
    }

    private static string TextOf(Behaviour behaviour, CompletionRequest request, Dice.Roll roll) => behaviour switch
    {
        Behaviour.EmptyContent or Behaviour.ContentFilter or Behaviour.ToolCallsOnly => "",
        Behaviour.Whitespace => " \n\t \n",
        Behaviour.ThreeCharacters => "Ok.",
        _ => SupportAnswers.For(request.Question, roll),
    };

    // Tokens of such models are about a word long, and begin with the blank before it.
    [GeneratedRegex(@"\s*\S+|\s+")]
    private static partial Regex Words();
}
