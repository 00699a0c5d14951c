namespace Reliable.Streaming;

/// <summary>What ended a wait.</summary>
internal enum StreamWake : byte
{
    /// <summary>The move did.</summary>
    Moved = 0,

    /// <summary>What is held has been held long enough; the move goes on.</summary>
    HoldOver,

    /// <summary>The model's client was told to stop, and did not.</summary>
    GivenUp,
}
