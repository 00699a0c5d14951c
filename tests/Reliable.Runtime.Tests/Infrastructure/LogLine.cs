using Microsoft.Extensions.Logging;

namespace Reliable.Infrastructure;

internal sealed record LogLine(LogLevel Level, int EventId, string Text, Exception? Exception);
