namespace Reliable;

/// <summary>What stands in a stream of <see cref="string"/> that is not part of the answer.</summary>
public static class StreamMarkers
{
    /// <summary>
    /// The update that says: what came before belongs to a failed attempt and is to be discarded. A record separator (U+001E), which no answer contains and no
    /// screen shows; sent only with <c>Streaming:OnLateFailure = Restart</c>.
    /// </summary>
    public const string Restart = "\u001E";
}
