using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;

namespace Reliable.Retry;

/// <summary>Reads how long a server asks to wait (RFC 9110, section 10.2.3, and the millisecond form that model services use).</summary>
internal static class RetryAfter
{
    public static TimeSpan? From(Exception? exception, TimeProvider time) => exception switch
    {
        RetryableException retryable => retryable.RetryAfter,
        ClientResultException client => FromHeaders(client.GetRawResponse()?.Headers, time),
        AggregateException { InnerExceptions: [.., Exception last] } => From(last, time),
        _ => null,
    };

    private static TimeSpan? FromHeaders(PipelineResponseHeaders? headers, TimeProvider time)
    {
        if (headers is null)
        {
            return null;
        }

        if (headers.TryGetValue("retry-after-ms", out string? milliseconds)
            && double.TryParse(milliseconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double ms)
            && ms is >= 0 and < int.MaxValue)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        return headers.TryGetValue("Retry-After", out string? value) ? Parse(value, time) : null;
    }

    private static TimeSpan? Parse(string? value, TimeProvider time)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            return seconds is >= 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
        }

        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            return null;
        }

        TimeSpan wait = date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
