namespace Reliable.Retry;

/// <summary>
/// Stands for a rejected answer inside the pipeline, so that an application's own strategies, such as a circuit breaker, see a failure. Never leaves the library.
/// </summary>
internal sealed class RejectedResponseException(AttemptFailure failure) : RetryableException(failure.Message);
