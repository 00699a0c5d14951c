using System.Buffers;
using System.Text;

namespace Reliable.Postgres;

/// <summary>Which strings PostgreSQL can store as an id: no NUL, no half of a surrogate pair, and short enough for an index.</summary>
internal static class PostgresText
{
    /// <summary>The longest id, in characters: at 3 bytes each, a user and a counter fit into an entry of an index (2,704 bytes).</summary>
    public const int MaxLength = 400;

    public static bool TryTake(string id, out string key)
    {
        key = id;
        return id.Length <= MaxLength && !id.Contains('\0', StringComparison.Ordinal) && IsWellFormed(id);
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out int length) != OperationStatus.Done)
                return false;
            i += length;
        }

        return true;
    }
}
