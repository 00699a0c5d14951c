using Microsoft.Extensions.AI;

namespace Reliable;

/// <summary>Reads what Reliable says within a stream of chat updates.</summary>
public static class ChatResponseUpdateExtensions
{
    /// <summary>The key in <see cref="ChatResponseUpdate.AdditionalProperties"/> under which a <see cref="RetryStatus"/> stands.</summary>
    public const string RetryStatusKey = "reliable.retry";

    /// <summary>The retry that an update tells of; <see langword="null"/> for an update of the model.</summary>
    /// <param name="update">The update.</param>
    public static RetryStatus? GetRetryStatus(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.AdditionalProperties is { } properties && properties.TryGetValue(RetryStatusKey, out object? status) ? status as RetryStatus : null;
    }
}
