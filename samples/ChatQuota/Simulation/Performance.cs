using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace ChatQuota.Simulation;

/// <summary>Acts out one <see cref="Behaviour"/> on one request.</summary>
internal static class Performance
{
    public static Task GiveAsync(HttpContext context, CompletionRequest request, Behaviour behaviour, Dice.Roll roll, SimulationSettings settings)
    {
        string id = roll.Bits.ToString("x16", CultureInfo.InvariantCulture);
        return behaviour switch
        {
            Behaviour.TooManyRequests => TooManyRequestsAsync(context, settings.RetryAfter),
            Behaviour.ServerError => ErrorAsync(context, StatusCodes.Status500InternalServerError, "The server had an error while processing your request."),
            Behaviour.Unavailable => ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "The engine is currently overloaded."),
            _ when request.Stream => StreamedPerformance.GiveAsync(context, request, id, behaviour, roll, settings.ChunkDelay),
            Behaviour.EmptyContent => JsonAsync(context, CompletionReply.Text(request, id, "")),
            Behaviour.Whitespace => JsonAsync(context, CompletionReply.Text(request, id, " \n\t \n")),
            Behaviour.ThreeCharacters => JsonAsync(context, CompletionReply.Text(request, id, "Ok.")),
            Behaviour.ToolCallsOnly => JsonAsync(context, ToolCall(request, id, roll)),
            Behaviour.ContentFilter => JsonAsync(context, CompletionReply.Text(request, id, "", "content_filter")),
            Behaviour.DroppedConnection => DropAsync(context, request, id, midway: roll.Fraction(purpose: 4) < 0.5),
            _ => JsonAsync(context, CompletionReply.Text(request, id, SupportAnswers.For(request.Question, roll))),
        };
    }

    public static Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return JsonAsync(context, CompletionReply.Error(message, status < 500 ? "invalid_request_error" : "server_error"));
    }

    private static object ToolCall(CompletionRequest request, string id, Dice.Roll roll)
        => request.Tools.Count == 0
            ? CompletionReply.Text(request, id, "") // nothing to call: such a model says nothing at all
            : CompletionReply.ToolCall(request, id, request.Tools[roll.Index(purpose: 5, request.Tools.Count)]);

    private static Task TooManyRequestsAsync(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return JsonAsync(context, CompletionReply.Error("Rate limit reached for requests.", "requests", "rate_limit_exceeded"));
    }

    private static async Task DropAsync(HttpContext context, CompletionRequest request, string id, bool midway)
    {
        if (midway)
        {
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(CompletionReply.Text(request, id, "This answer will never"));
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
        }

        context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
    }

    private static Task JsonAsync(HttpContext context, object body) => context.Response.WriteAsJsonAsync(body, context.RequestAborted);
}
