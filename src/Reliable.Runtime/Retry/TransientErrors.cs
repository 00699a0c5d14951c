using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace Reliable.Retry;

/// <summary>Which exceptions of a model call are worth another attempt.</summary>
internal static class TransientErrors
{
    /// <param name="exception">What the model call threw.</param>
    /// <param name="shouldRetry">The application's own rule, or <see langword="null"/>.</param>
    /// <param name="caller">The caller's own token: nothing is retried once it is cancelled.</param>
    public static bool IsTransient(Exception exception, Func<Exception, bool?>? shouldRetry, CancellationToken caller)
    {
        // Clients report a cancelled request in many ways, also as a broken connection.
        if (caller.IsCancellationRequested)
        {
            return false;
        }

        return shouldRetry?.Invoke(exception) ?? IsTransient(exception);
    }

    /// <summary>An exception in a few words for log lines. Not its own message: services quote the request in theirs.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        RetryableException { Message: { Length: > 0 } message } => message,
        HttpRequestException { StatusCode: { } status } => Http((int)status),
        HttpRequestException http => $"Connection failed ({http.HttpRequestError})",
        ClientResultException { Status: > 0 } client => Http(client.Status),
        ClientResultException or IOException => "Connection failed",
        StreamTimeoutException silence => silence.Message,
        TimeoutException or TimeoutRejectedException or OperationCanceledException => "Timeout",
        AggregateException { InnerExceptions: [.., Exception last] } => Describe(last),
        _ => exception.GetType().Name,
    };

    private static string Http(int status) => string.Create(CultureInfo.InvariantCulture, $"HTTP {status}");

    private static bool IsTransient(Exception exception) => exception switch
    {
        RetryableException => true,
        NonRetryableException or UsageLimitExceededException or ArgumentException => false,
        HttpRequestException http => http.StatusCode is null || IsTransient((int)http.StatusCode),
        ClientResultException client => client.Status == 0 || IsTransient(client.Status),
        TimeoutException or TimeoutRejectedException => true,

        // HttpClient and System.ClientModel report their own timeouts as a cancellation with one of these inside; the caller's own was sorted out before.
        OperationCanceledException { InnerException: TimeoutException or OperationCanceledException } => true,
        IOException io => io is HttpIOException || io.InnerException is SocketException,

        // The retry policy of System.ClientModel reports its last failures together.
        AggregateException { InnerExceptions: [.., Exception last] } => IsTransient(last),
        _ => false,
    };

    private static bool IsTransient(int status)
        => status is (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or (>= 500 and <= 599);
}
