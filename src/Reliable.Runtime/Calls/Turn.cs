namespace Reliable.Calls;

/// <summary>Who acts on a stream: a word that only changes by compare-and-swap.</summary>
internal static class Turn
{
    /// <summary>Nobody: the reader has its update.</summary>
    public const int Idle = 0;

    /// <summary>The reader's move.</summary>
    public const int Moving = 1;

    /// <summary>The reader's move, and its reader wants to leave: the move ends the stream.</summary>
    public const int Leaving = 2;

    /// <summary>The end, begun while nobody moved.</summary>
    public const int Disposing = 3;

    /// <summary>Nobody, ever again.</summary>
    public const int Disposed = 4;
}
