namespace Reliable.Streaming;

/// <summary>What came of asking the inner stream for its next update.</summary>
internal enum StreamStep : byte
{
    /// <summary>An update is there.</summary>
    Update = 0,

    /// <summary>The stream has ended.</summary>
    End,

    /// <summary>Nothing came yet, and what is held has been held long enough.</summary>
    HoldOver,
}
