namespace Reliable.Diagnostics;

/// <summary>Makes values from outside fit for a log line: no line breaks or other control characters, and not longer than needed to recognize them.</summary>
internal static class LogText
{
    public const int MaxLength = 128;

    public static string Clean(string? value, int maxLength = MaxLength)
    {
        if (value is null)
        {
            return "";
        }

        return value.Length <= maxLength && !value.AsSpan().ContainsAnyInRange('\0', '\x1f') && !value.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
            && !value.AsSpan().ContainsAny('\u2028', '\u2029')
            ? value
            : Strip(value, maxLength);
    }

    private static string Strip(string value, int maxLength)
    {
        int length = Math.Min(value.Length, maxLength);
        if (value.Length > maxLength && char.IsHighSurrogate(value[length - 1]))
        {
            // Half a character is no text to any sink.
            length--;
        }

        string stripped = string.Create(length, value, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '_' : source[i];
            }
        });
        return value.Length > maxLength ? stripped + "…" : stripped;
    }
}
