namespace Reliable;

/// <summary>An application's own rule for answers of one type. Asked after the built-in rules, once per attempt, possibly from several threads at once.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
public interface IResponseValidator<in T>
{
    /// <summary>Judges one answer.</summary>
    /// <param name="response">The answer; never <see langword="null"/>.</param>
    /// <returns><see cref="ValidationResult.Valid"/>, or <see cref="ValidationResult.Reject"/> with a reason.</returns>
    /// <remarks>An exception thrown here is treated like one thrown by the model call.</remarks>
    ValidationResult Validate(T response);
}
