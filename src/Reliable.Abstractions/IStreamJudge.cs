namespace Reliable;

/// <summary>Judges one attempt at a streamed answer, update by update. Used by one thread at a time, and for one attempt only.</summary>
/// <typeparam name="T">The type of one update.</typeparam>
public interface IStreamJudge<in T>
{
    /// <summary>Looks at the next update: each is shown once, in order.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The verdict on everything up to here.</returns>
    /// <remarks>An exception thrown here is treated like one thrown by the model call.</remarks>
    StreamVerdict Add(T update);

    /// <summary>The verdict on what was shown, as a whole: asked once, when the answer has ended, was found invalid, or its reader has left.</summary>
    /// <returns><see cref="ValidationResult.Valid"/>, or <see cref="ValidationResult.Reject"/> with a reason.</returns>
    ValidationResult Complete();
}
