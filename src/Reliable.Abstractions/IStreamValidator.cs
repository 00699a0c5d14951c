using System.Diagnostics.CodeAnalysis;

namespace Reliable;

/// <summary>
/// An application's own rule for streamed answers, applied while they are written: the validator of a method that returns <see cref="IAsyncEnumerable{T}"/>.
/// </summary>
/// <typeparam name="T">The type of one update.</typeparam>
/// <remarks>
/// One instance serves all calls, possibly from several threads at once; what it knows of one attempt is in the <see cref="IStreamJudge{T}"/> it makes for it.
/// For streams of <see cref="string"/> and of chat updates it is asked beside the built-in rules, and an answer must please both.
/// </remarks>
public interface IStreamValidator<T>
{
    /// <summary>Makes the judge of one attempt. An exception thrown here is treated like one thrown by the model call.</summary>
    IStreamJudge<T> Begin();

    /// <summary>
    /// Makes an update that tells the reader of a retry, for <c>Streaming:StatusUpdates</c> and <c>Streaming:OnLateFailure</c> with updates of a type that
    /// Reliable does not know. Not asked for <see cref="string"/> and chat updates.
    /// </summary>
    /// <param name="status">The attempt that comes next; <see cref="RetryStatus.IsRestart"/> when what was shown so far is to be discarded.</param>
    /// <param name="update">The update to send.</param>
    /// <returns><see langword="false"/> when there is no such update: then nothing is sent, and a late failure is thrown instead of restarted. The default.</returns>
    bool TryDescribe(RetryStatus status, [MaybeNullWhen(false)] out T update)
    {
        update = default;
        return false;
    }
}
