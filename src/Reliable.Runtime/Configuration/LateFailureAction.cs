namespace Reliable;

/// <summary>What happens when an answer fails after part of it was shown.</summary>
public enum LateFailureAction
{
    /// <summary>The reader gets the model's own exception, or <see cref="RetriesExhaustedException"/> for an answer that ended invalid. Nothing is charged.</summary>
    Throw = 0,

    /// <summary>
    /// The reader gets a marker, then the answer of another attempt; with no attempt left, as <see cref="Throw"/>. For chat updates the marker is an update whose
    /// <see cref="ChatResponseUpdateExtensions.GetRetryStatus"/> has <see cref="RetryStatus.IsRestart"/>; for <see cref="string"/> it is
    /// <see cref="StreamMarkers.Restart"/>. Readers must know of it: what came before it is to be discarded.
    /// </summary>
    Restart,
}
