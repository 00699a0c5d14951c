using System.ClientModel;
using System.Globalization;
using Reliable;

namespace ChatQuota.Api;

/// <summary>The endings of a call that are not an answer, as problem details that a person can read.</summary>
internal sealed partial class ChatProblems(TimeProvider time, ILogger<ChatProblems> logger)
{
    /// <summary>Whether the model, and not this application, failed in a way that another attempt would not cure.</summary>
    public static bool IsUpstream(Exception exception)
        => exception is NonRetryableException or RetryableException or ClientResultException or HttpRequestException or IOException or TimeoutException;

    /// <summary>The quota does not allow the call.</summary>
    public IResult Denied(UsageLimitExceededException exception, HttpResponse response)
    {
        if (exception.Limit is not { } limit)
        {
            return Results.Problem(
                $"'{exception.UserId}' may not ask questions: {exception.Reason}.", statusCode: StatusCodes.Status403Forbidden, title: "Not allowed");
        }

        // With questions still under way the last of the quota is only reserved, and may come back in a moment.
        bool isUsedUp = exception.Used >= limit;
        TimeSpan wait = isUsedUp ? exception.ResetsAt - time.GetUtcNow() : TimeSpan.FromSeconds(1);
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            isUsedUp
                ? $"All {limit} questions of today are used. This one was not counted."
                : "The rest of today's questions is still being answered. This one was not counted. Please wait for the answers.",
            statusCode: StatusCodes.Status429TooManyRequests,
            title: "Daily limit reached",
            extensions: new Dictionary<string, object?>
            {
                ["used"] = exception.Used,
                ["limit"] = limit,
                ["remaining"] = exception.Usage.Remaining,
                ["resetsAt"] = exception.ResetsAt,
            });
    }

    /// <summary>Every attempt failed.</summary>
    public static IResult GivenUp(RetriesExhaustedException exception) => Results.Problem(
        exception.UserMessage,
        statusCode: StatusCodes.Status502BadGateway,
        title: "No good answer",
        extensions: Attempts(exception.Attempts.Count));

    /// <summary>The model declined for reasons of policy: neither an answer nor a failure, and not counted.</summary>
    public static IResult Refused(int attempts) => Results.Problem(
        "The assistant may not answer this question. This request was not counted. Please put it in other words.",
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "Question declined",
        extensions: Attempts(attempts));

    /// <summary>The model refused the call itself. What it said may name keys or quote the question: it stays here.</summary>
    public IResult Unreachable(Exception exception)
    {
        LogUnreachable(exception.GetType().Name, (exception as ClientResultException)?.Status);
        return Results.Problem(
            "The assistant cannot be used at the moment. This request was not counted. If it stays like this, please tell the people who run this service.",
            statusCode: StatusCodes.Status502BadGateway,
            title: "Assistant unavailable");
    }

    /// <summary>The call could not be counted, so it was not made.</summary>
    public static IResult NotCountable(HttpResponse response)
    {
        response.Headers.RetryAfter = "5";
        return Results.Problem(
            "The assistant is very busy at the moment. This request was not counted. Please try again in a few seconds.",
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "Busy");
    }

    private static Dictionary<string, object?> Attempts(int attempts) => new() { ["attempts"] = attempts };

    [LoggerMessage(1, LogLevel.Error, "The model refused a call: {Exception}, status {Status}")]
    private partial void LogUnreachable(string exception, int? status);
}
