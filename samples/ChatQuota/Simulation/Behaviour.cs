namespace ChatQuota.Simulation;

/// <summary>What the simulated model does with one request.</summary>
internal enum Behaviour
{
    /// <summary>A good answer.</summary>
    GoodAnswer = 0,

    /// <summary>A good answer, after <see cref="SimulationSettings.SlowDelay"/>.</summary>
    SlowAnswer,

    /// <summary>An assistant message whose content is the empty string.</summary>
    EmptyContent,

    /// <summary>Blanks and line breaks.</summary>
    Whitespace,

    /// <summary>A text of three characters.</summary>
    ThreeCharacters,

    /// <summary>A call of one of the tools that were offered, and no text.</summary>
    ToolCallsOnly,

    /// <summary>Status 429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>Status 500.</summary>
    ServerError,

    /// <summary>Status 503.</summary>
    Unavailable,

    /// <summary>The connection ends before the answer or in the middle of it.</summary>
    DroppedConnection,

    /// <summary>A refusal: finish reason <c>content_filter</c>.</summary>
    ContentFilter,

    /// <summary>Of streams only: the connection ends after any part of a good answer.</summary>
    CutStream,

    /// <summary>Of streams only: nothing comes after any part of a good answer, until the other side gives up.</summary>
    StalledStream,
}
