using Microsoft.Extensions.Logging;

namespace Reliable.Diagnostics;

/// <summary>Which lines are written: asked where the text of one would have to be put together first.</summary>
internal static class LogLevels
{
    public static bool Warns(ILogger logger) => logger.IsEnabled(LogLevel.Warning);

    public static bool Fails(ILogger logger) => logger.IsEnabled(LogLevel.Error);

    public static bool Informs(ILogger logger) => logger.IsEnabled(LogLevel.Information);
}
