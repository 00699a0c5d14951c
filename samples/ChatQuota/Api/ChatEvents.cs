using ChatQuota.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Api;

/// <summary>
/// One question answered as server-sent events: <c>text</c> with each piece, <c>retry</c> when the assistant is asked again, <c>restart</c> when what was sent is
/// to be discarded, and at the end <c>done</c> or <c>problem</c>. What goes wrong before the first event is an ordinary reply.
/// </summary>
internal sealed class ChatEvents(string userId, string message, SupportAssistant assistant, ReliableRuntime reliable, ChatProblems problems) : IResult
{
    private AttemptNote _attempt = new(1, IsFallback: false);
    private bool _isRefused;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var events = new EventStream(httpContext.Response);
        try
        {
            await SendAnswerAsync(events, httpContext.RequestAborted);
        }
        catch (Exception exception) when (problems.Explain(exception, httpContext.Response) is { } problem)
        {
            await SendAsync(problem, events, httpContext);
        }
        catch (Exception) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has left. What it was given is charged if it was an answer, and nobody is there to be told.
        }
    }

    private async Task SendAnswerAsync(EventStream events, CancellationToken cancellationToken)
    {
        await foreach (ChatResponseUpdate update in assistant.StreamAsync(userId, message, assistant.ModelId, cancellationToken))
        {
            await SendAsync(update, events, cancellationToken);
        }

        if (_isRefused)
        {
            await SendAsync(ChatProblems.Refused(_attempt.Number), events, events.Http);
            return;
        }

        UsageSnapshot usage = await reliable.Usage.GetUsageAsync(userId, cancellationToken);
        await events.SendAsync("done", new ChatEnd(_attempt.Number, _attempt.IsFallback, UsageView.Of(usage)), cancellationToken);
    }

    private async ValueTask SendAsync(ChatResponseUpdate update, EventStream events, CancellationToken cancellationToken)
    {
        if (update.GetRetryStatus() is { } status)
        {
            await events.SendAsync(status.IsRestart ? "restart" : "retry", new ChatRetry(status.Attempt, status.MaxAttempts, status.IsFallback), cancellationToken);
            return;
        }

        _attempt = AttemptNote.On(update) ?? _attempt;
        _isRefused = update.FinishReason is { } reason ? reason == ChatFinishReason.ContentFilter : _isRefused;
        if (update.Text is { Length: > 0 } text)
        {
            await events.SendAsync("text", new ChatText(text), cancellationToken);
        }
    }

    private static async Task SendAsync(ProblemHttpResult problem, EventStream events, HttpContext http)
    {
        if (events.HasBegun)
        {
            await events.SendAsync("problem", problem.ProblemDetails, http.RequestAborted);
        }
        else
        {
            await problem.ExecuteAsync(http);
        }
    }
}
