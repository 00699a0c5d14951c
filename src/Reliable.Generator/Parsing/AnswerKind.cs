namespace Reliable.Generator.Parsing;

/// <summary>How a method hands over its answer.</summary>
internal enum AnswerKind
{
    /// <summary>It has none: <c>Task</c>, <c>ValueTask</c>.</summary>
    None,

    /// <summary>At once: <c>Task&lt;T&gt;</c>, <c>ValueTask&lt;T&gt;</c>.</summary>
    Once,

    /// <summary>Piece by piece: <c>IAsyncEnumerable&lt;T&gt;</c>.</summary>
    Stream,
}
