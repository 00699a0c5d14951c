namespace Reliable.Calls;

/// <summary>The reasons of rollbacks, in log lines and as values of a metric's tag: a small fixed set.</summary>
internal static class RollbackReasons
{
    public const string AllRetriesFailed = "All retries failed";
    public const string ContentFilter = "Content filter";
    public const string Cancelled = "Cancelled by the caller";
    public const string Error = "Error that is not retried";
    public const string LateFailure = "Failed after release";
    public const string LateRejection = "Rejected after release";
    public const string LeftEarly = "Left before a valid answer";
    public const string Disposed = "Disposed while open";
    public const string Requested = "Requested";
}
