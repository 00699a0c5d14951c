namespace Reliable;

/// <summary>The asynchronous form of <see cref="IResponseValidator{T}"/>, for rules that ask another service.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
public interface IAsyncResponseValidator<in T>
{
    /// <summary>Judges one answer.</summary>
    /// <param name="response">The answer; never <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the attempt's time is over.</param>
    /// <returns><see cref="ValidationResult.Valid"/>, or <see cref="ValidationResult.Reject"/> with a reason.</returns>
    ValueTask<ValidationResult> ValidateAsync(T response, CancellationToken cancellationToken);
}
