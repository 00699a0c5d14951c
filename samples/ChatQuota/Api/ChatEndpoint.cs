using System.Text.Json;
using ChatQuota.Model;
using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Api;

/// <summary><c>POST /chat</c>: one question, one answer, and what it left of the quota.</summary>
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
        return request.Check(settings) is { Count: > 0 } mistakes
            ? Results.ValidationProblem(mistakes)
            : await AskAsync(http.HttpContext.Response, request.UserId!, request.Message!, assistant, reliable, problems, cancellationToken);
    }

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
            ChatResponse response = await assistant.AskAsync(userId, message, cancellationToken);
            AttemptNote attempt = AttemptNote.Of(response);
            if (response.FinishReason == ChatFinishReason.ContentFilter)
            {
                return ChatProblems.Refused(attempt.Number);
            }

            UsageSnapshot usage = await reliable.Usage.GetUsageAsync(userId, cancellationToken);
            return Results.Ok(new ChatAnswer(response.Text, attempt.Number, attempt.IsFallback, UsageView.Of(usage)));
        }
        catch (UsageLimitExceededException exception)
        {
            return problems.Denied(exception, http);
        }
        catch (RetriesExhaustedException exception)
        {
            return ChatProblems.GivenUp(exception);
        }
        catch (UsageUnavailableException)
        {
            return ChatProblems.NotCountable(http);
        }
        catch (Exception exception) when (ChatProblems.IsUpstream(exception))
        {
            return problems.Unreachable(exception);
        }
    }
}
