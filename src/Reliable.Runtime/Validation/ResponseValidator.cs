using Microsoft.Extensions.AI;
using Reliable.Validation;

namespace Reliable;

/// <summary>The built-in rules as plain functions, for code that judges answers itself. Every verdict comes with its metrics.</summary>
public static class ResponseValidator
{
    /// <summary>Judges a text as the content of one assistant message.</summary>
    /// <param name="response">The text; <see langword="null"/> is no assistant message at all.</param>
    /// <param name="options">The rules; the defaults when <see langword="null"/>.</param>
    public static ValidationResult Validate(string? response, ValidationOptions? options = null) => Judge(response, options);

    /// <summary>Judges a chat response: its assistant messages together.</summary>
    /// <param name="response">The response; <see langword="null"/> is no assistant message at all.</param>
    /// <param name="options">The rules; the defaults when <see langword="null"/>.</param>
    public static ValidationResult Validate(ChatResponse? response, ValidationOptions? options = null) => Judge(response, options);

    /// <summary>Judges messages: the assistant's together, in their order among those of tools.</summary>
    /// <param name="messages">The messages; enumerated once.</param>
    /// <param name="options">The rules; the defaults when <see langword="null"/>.</param>
    public static ValidationResult Validate(IEnumerable<ChatMessage>? messages, ValidationOptions? options = null) => Judge(messages, options);

    private static ValidationResult Judge(object? response, ValidationOptions? options)
        => BuiltInRules.Judge(response, ResponseCriteria.From(options), exact: true);
}
