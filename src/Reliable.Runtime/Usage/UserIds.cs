using System.Buffers;
using System.Text;

namespace Reliable.Usage;

/// <summary>Which strings a database can keep as an id and give back as they were. Compiled into each assembly that has a store.</summary>
internal static class UserIds
{
    /// <summary>The longest id, in characters: at 3 bytes each, a user and a counter fit into an entry of a PostgreSQL index (2,704 bytes).</summary>
    public const int MaxLength = 400;

    /// <summary>No NUL, which PostgreSQL cannot store, no half of a surrogate pair, which has no form in UTF-8, and not too long.</summary>
    public static bool CanBeStored(string id)
        => id.Length <= MaxLength && !id.Contains('\0', StringComparison.Ordinal) && IsWellFormed(id);

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int i = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (i >= 0 && i < text.Length)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out int length) != OperationStatus.Done)
                return false;
            i += length;
        }

        return true;
    }
}
