using System.Globalization;
using System.Text;

namespace Reliable.Validation;

/// <summary>
/// Counts the visible characters of a text that may arrive in pieces, as <see cref="string.Length"/> counts: white space at the ends of a run is not
/// counted, white space inside it is, control and format characters never are.
/// </summary>
/// <remarks>However a text is cut into pieces, also inside a surrogate pair, the count is the same.</remarks>
internal struct VisibleText
{
    private int _pendingWhitespace;
    private bool _inRun;
    private char _highSurrogate;

    /// <summary>The visible characters of all runs so far.</summary>
    public int Length { get; private set; }

    /// <summary>Adds the next piece of the current run.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_highSurrogate != 0)
            {
                text = CompletePair(text);
                continue;
            }

            // Printable ASCII is most of all text, and is counted a block at a time.
            int other = text.IndexOfAnyExceptInRange(' ', '~');
            ReadOnlySpan<char> printable = other < 0 ? text : text[..other];
            if (!printable.IsEmpty)
            {
                AppendPrintable(printable);
            }

            if (other < 0)
            {
                return;
            }

            char c = text[other];
            text = text[(other + 1)..];
            if (char.IsHighSurrogate(c))
            {
                _highSurrogate = c;
            }
            else if (char.IsWhiteSpace(c))
            {
                _pendingWhitespace++;
            }
            else if (!IsInvisible(char.GetUnicodeCategory(c)))
            {
                Show(1);
            }
        }
    }

    /// <summary>Ends the current run: what follows is trimmed on its own.</summary>
    public void EndRun()
    {
        if (_highSurrogate != 0)
        {
            _highSurrogate = default;
            Show(1);
        }

        _inRun = false;
        _pendingWhitespace = 0;
    }

    private static bool IsInvisible(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format;

    private ReadOnlySpan<char> CompletePair(ReadOnlySpan<char> text)
    {
        char high = _highSurrogate;
        _highSurrogate = default;
        if (!char.IsLowSurrogate(text[0]))
        {
            Show(1);
            return text;
        }

        if (!IsInvisible(Rune.GetUnicodeCategory(new Rune(high, text[0]))))
        {
            Show(2);
        }

        return text[1..];
    }

    private void AppendPrintable(ReadOnlySpan<char> text)
    {
        int trailing = text.Length - text.TrimEnd(' ').Length;
        if (trailing == text.Length)
        {
            _pendingWhitespace += trailing;
            return;
        }

        ReadOnlySpan<char> body = text[..^trailing];
        if (!_inRun)
        {
            body = body.TrimStart(' ');
        }

        Show(body.Length);
        _pendingWhitespace = trailing;
    }

    private void Show(int characters)
    {
        Length += characters + (_inRun ? _pendingWhitespace : 0);
        _pendingWhitespace = 0;
        _inRun = true;
    }
}
