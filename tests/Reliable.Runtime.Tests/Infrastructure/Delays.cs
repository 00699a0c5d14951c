namespace Reliable.Infrastructure;

/// <summary>Model calls that take their time.</summary>
internal static class Delays
{
    /// <summary>Answers never; ends as cancelled with its token, on the thread that cancels.</summary>
    public static async Task<string> Until(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<string>();
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return await never.Task.ConfigureAwait(false);
    }
}
