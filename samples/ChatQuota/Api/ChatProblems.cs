using System.ClientModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Reliable;

namespace ChatQuota.Api;

/// <summary>The endings of a call that are not an answer, as problem details that a person can read.</summary>
internal sealed partial class ChatProblems(TimeProvider time, ILogger<ChatProblems> logger)
{
    /// <summary>What to tell the user; <see langword="null"/> for what is this application's own mistake, or the user's own leaving.</summary>
    public ProblemHttpResult? Explain(Exception exception, HttpResponse response) => exception switch
    {
        UsageLimitExceededException denied => Denied(denied, response),
        RetriesExhaustedException exhausted => GivenUp(exhausted),
        UsageUnavailableException => NotCountable(response),
        RetryableException or HttpRequestException or IOException or TimeoutException when response.HasStarted => CutOff(exception),
        _ when IsUpstream(exception) => Unreachable(exception),
        _ => null,
    };

    /// <summary>The model declined for reasons of policy: neither an answer nor a failure, and not counted.</summary>
    public static ProblemHttpResult Refused(int attempts) => TypedResults.Problem(
        "The assistant may not answer this question. This request was not counted. Please put it in other words.",
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "Question declined",
        extensions: Attempts(attempts));

    // The model, and not this application, failed in a way that another attempt would not cure.
    private static bool IsUpstream(Exception exception)
        => exception is NonRetryableException or RetryableException or ClientResultException or HttpRequestException or IOException or TimeoutException;

    private ProblemHttpResult Denied(UsageLimitExceededException exception, HttpResponse response)
    {
        if (exception.Limit is not { } limit)
        {
            return TypedResults.Problem(
                $"'{exception.UserId}' may not ask questions: {exception.Reason}.", statusCode: StatusCodes.Status403Forbidden, title: "Not allowed");
        }

        // With questions still under way the last of the quota is only reserved, and may come back in a moment.
        bool isUsedUp = exception.Used >= limit;
        TimeSpan wait = isUsedUp ? exception.ResetsAt - time.GetUtcNow() : TimeSpan.FromSeconds(1);
        RetryAfter(response, Math.Max(1, Math.Ceiling(wait.TotalSeconds)));
        return TypedResults.Problem(
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

    private static ProblemHttpResult GivenUp(RetriesExhaustedException exception) => TypedResults.Problem(
        exception.UserMessage,
        statusCode: StatusCodes.Status502BadGateway,
        title: "No good answer",
        extensions: Attempts(exception.Attempts.Count));

    // Anything of this kind is tried again, unless part of the answer has been shown.
    private ProblemHttpResult CutOff(Exception exception)
    {
        LogCutOff(exception.GetType().Name);
        return TypedResults.Problem(
            "The answer was cut off. This request was not counted. Please ask again.", statusCode: StatusCodes.Status502BadGateway, title: "Answer cut off");
    }

    // What the model said when it refused the call may name keys or quote the question: it stays here.
    private ProblemHttpResult Unreachable(Exception exception)
    {
        LogUnreachable(exception.GetType().Name, (exception as ClientResultException)?.Status);
        return TypedResults.Problem(
            "The assistant cannot be used at the moment. This request was not counted. If it stays like this, please tell the people who run this service.",
            statusCode: StatusCodes.Status502BadGateway,
            title: "Assistant unavailable");
    }

    private static ProblemHttpResult NotCountable(HttpResponse response)
    {
        RetryAfter(response, 5);
        return TypedResults.Problem(
            "The assistant is very busy at the moment. This request was not counted. Please try again in a few seconds.",
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "Busy");
    }

    // A stream that has begun has sent its headers.
    private static void RetryAfter(HttpResponse response, double seconds)
    {
        if (!response.HasStarted)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static Dictionary<string, object?> Attempts(int attempts) => new() { ["attempts"] = attempts };

    [LoggerMessage(2, LogLevel.Warning, "The model cut an answer off: {Exception}")]
    private partial void LogCutOff(string exception);

    [LoggerMessage(1, LogLevel.Error, "The model refused a call: {Exception}, status {Status}")]
    private partial void LogUnreachable(string exception, int? status);
}
