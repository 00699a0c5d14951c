using System.Net.Mime;
using System.Text.Json;
using ChatQuota.Model;
using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Api;

/// <summary><c>POST /chat</c>: one question, one answer, and what it left of the quota; as server-sent events for a client that accepts them.</summary>
internal static class ChatEndpoint
{
    public static void MapChat(this IEndpointRouteBuilder app) => app.MapPost("/chat", HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpRequest http, SupportAssistant assistant, ReliableRuntime reliable, ChatSettings settings, ChatProblems problems, CancellationToken cancellationToken)
    {
        if (!http.HasJsonContentType())
        {
            return Results.Problem("Send the question as 'application/json'.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        ChatRequest? request;
        try
        {
            request = await http.ReadFromJsonAsync<ChatRequest>(cancellationToken);
        }
        catch (JsonException exception)
        {
            return Results.ValidationProblem(ChatRequest.Explain(exception));
        }
        catch (BadHttpRequestException exception)
        {
            return Results.Problem(exception.Message, statusCode: exception.StatusCode);
        }

        request ??= new ChatRequest(null, null);
        if (request.Check(settings) is { Count: > 0 } mistakes)
        {
            return Results.ValidationProblem(mistakes);
        }

        return AcceptsEvents(http)
            ? new ChatEvents(request.UserId!, request.Message!, assistant, reliable, problems)
            : await AskAsync(http.HttpContext.Response, request.UserId!, request.Message!, assistant, reliable, problems, cancellationToken);
    }

    // Named by the client itself: whoever accepts anything gets JSON.
    private static bool AcceptsEvents(HttpRequest http)
        => http.GetTypedHeaders().Accept.Any(static accepted => accepted.MediaType == MediaTypeNames.Text.EventStream && accepted.Quality is not 0);

    private static async Task<IResult> AskAsync(
        HttpResponse http,
        string userId,
        string message,
        SupportAssistant assistant,
        ReliableRuntime reliable,
        ChatProblems problems,
        CancellationToken cancellationToken)
    {
        try
        {
            ChatResponse response = await assistant.AskAsync(userId, message, assistant.ModelId, cancellationToken);
            AttemptNote attempt = AttemptNote.Of(response);
            if (response.FinishReason == ChatFinishReason.ContentFilter)
            {
                return ChatProblems.Refused(attempt.Number);
            }

            UsageSnapshot usage = await reliable.Usage.GetUsageAsync(userId, cancellationToken);
            return Results.Ok(new ChatAnswer(response.Text, attempt.Number, attempt.IsFallback, UsageView.Of(usage)));
        }
        catch (Exception exception) when (problems.Explain(exception, http) is { } problem)
        {
            return problem;
        }
    }
}
