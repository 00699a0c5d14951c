using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Reliable.Validation;

/// <summary>Random texts and answers of what is hard to count, and a slow count to compare with.</summary>
internal static class RandomText
{
    private static readonly string[] s_pieces =
    [
        "a", "Z", "~", "word", " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u2003", "\u2028", "\u0085", "\u200B", "\u200D", "\uFEFF", "\u00AD", "\u0000", "\u001F",
        "\u007F", "é", "e\u0301", "字", "👀", "👩\u200D👧", "\uD83D", "\uDC00", "\U000E0041", "\U0001D173", "\u180E", "\uFE0F", "\uE000", "\u0600", "                 ",
    ];

    public static string Create(Random random, int mostPieces)
    {
        var text = new StringBuilder();
        for (int n = random.Next(mostPieces + 1); n > 0; n--)
            text.Append(s_pieces[random.Next(s_pieces.Length)]);

        return text.ToString();
    }

    /// <summary>The visible characters of one run, said as plainly as possible: take out what is invisible, trim, measure.</summary>
    public static int Count(string run)
    {
        var visible = new StringBuilder();
        for (int i = 0; i < run.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(run[i]) && i + 1 < run.Length && char.IsLowSurrogate(run[i + 1]);
            UnicodeCategory category = isPair ? CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(run[i], run[i + 1])) : char.GetUnicodeCategory(run[i]);
            bool isInvisible = category is UnicodeCategory.Control or UnicodeCategory.Format && !char.IsWhiteSpace(run[i]);
            if (!isInvisible)
                visible.Append(run, i, isPair ? 2 : 1);

            i += isPair ? 1 : 0;
        }

        return visible.ToString().Trim().Length;
    }

    public static ChatResponse CreateResponse(Random random)
    {
        var messages = new List<ChatMessage>();
        for (int n = random.Next(5); n > 0; n--)
        {
            ChatRole role = random.Next(6) switch { 0 => ChatRole.User, 1 => ChatRole.Tool, 2 => ChatRole.System, _ => ChatRole.Assistant };
            messages.Add(new ChatMessage(role, [.. Enumerable.Range(0, random.Next(5)).Select(_ => CreateContent(random))]));
        }

        return new ChatResponse(messages) { FinishReason = random.Next(20) == 0 ? ChatFinishReason.ContentFilter : ChatFinishReason.Stop };
    }

    private static AIContent CreateContent(Random random) => random.Next(9) switch
    {
        0 => new FunctionCallContent("1", "tool"),
        1 => new FunctionResultContent("1", "result"),
        2 => new TextReasoningContent(Create(random, 5)),
        3 => new UsageContent(new UsageDetails()),
        4 when random.Next(3) == 0 => new DataContent(new byte[] { 1 }, "image/png"),
        _ => new TextContent(Create(random, random.Next(8))),
    };
}
