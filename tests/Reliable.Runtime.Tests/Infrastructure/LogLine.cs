using Microsoft.Extensions.Logging;

namespace Reliable.Infrastructure;

internal sealed record LogLine(LogLevel Level, int EventId, string Text, Exception? Exception)
{
    /// <summary>The named fields, as a structured sink gets them.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];
}
