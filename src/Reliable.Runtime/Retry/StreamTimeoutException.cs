namespace Reliable.Retry;

/// <summary>The model was silent for too long. Its message is made here, so that it may stand in log lines.</summary>
internal sealed class StreamTimeoutException(string message) : TimeoutException(message);
