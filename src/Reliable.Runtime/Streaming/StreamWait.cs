namespace Reliable.Streaming;

/// <summary>
/// How the wait for a stream's next update stands: one word, of the number of the wait and one of these states. It changes by compare-and-swap alone, so that a
/// timer that looked at one wait cannot end the next, and of all that would end a wait one does.
/// </summary>
internal static class StreamWait
{
    /// <summary>No move is under way.</summary>
    public const long Idle = 0;

    /// <summary>A move is under way, and its owner waits for it.</summary>
    public const long Awaited = 1;

    /// <summary>The same, and the model was silent for too long: it has been told to stop.</summary>
    public const long Silent = 2;

    /// <summary>A move is under way, and its owner has been told not to wait for it, for now or for good.</summary>
    public const long Unattended = 3;

    /// <summary>The move has ended while nobody waited for it.</summary>
    public const long Moved = 4;

    /// <summary>A move is under way, and nobody will ever wait for it.</summary>
    public const long Abandoned = 5;

    private const long States = 7;

    public static long StateOf(long wait) => wait & States;

    public static bool IsWaitedFor(long wait) => StateOf(wait) is Awaited or Silent;

    /// <summary>The same wait in another state.</summary>
    public static long Become(long wait, long state) => (wait & ~States) | state;

    /// <summary>The next wait, which begins.</summary>
    public static long Next(long wait) => (wait | States) + 1 + Awaited;
}
