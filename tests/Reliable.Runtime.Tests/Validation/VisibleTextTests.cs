namespace Reliable.Validation;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("  abc\t\r\n", 3)]
    [InlineData("a b", 3)]
    [InlineData("a \t\n b", 6)]
    [InlineData("a\u00A0\u2003b", 4)]
    [InlineData("\u00A0\u2003b\u2028\u0085", 1)]
    [InlineData("{}();", 5)]
    [InlineData("\u200B\u200C\u200D\u2060\uFEFF\u00AD\u202E", 0)]
    [InlineData("a\u200Bb", 2)]
    [InlineData("a \u200B b", 4)]
    [InlineData("a \u200B", 1)]
    [InlineData("\uFEFF a", 1)]
    [InlineData("\0\u0001\u001F\u007F\u009F", 0)]
    [InlineData("a\0b", 2)]
    [InlineData("👀", 2)]
    [InlineData("👩\u200D👧", 4)]
    [InlineData(" 👀 ", 2)]
    [InlineData("e\u0301", 2)]
    [InlineData("\U000E0041", 0)]
    [InlineData("\U0001D173x", 1)]
    [InlineData("字", 1)]
    public void Append_WhenOneRun_CountsWhatIsVisible(string text, int expected)
    {
        Assert.Equal(expected, CountOf(text));
        Assert.Equal(expected, RandomText.Count(text));
    }

    // Lone surrogates cannot be written in an attribute.
    [Fact]
    public void Append_WhenSurrogatesAreAlone_CountsEachAsOne()
    {
        Assert.Equal(1, CountOf("\uD83D"));
        Assert.Equal(1, CountOf("\uDC00"));
        Assert.Equal(2, CountOf("\uD83D\uD83D"));
        Assert.Equal(2, CountOf("\uDC00\uD83D"));
        Assert.Equal(3, CountOf("a\uD83Db"));
        Assert.Equal(3, CountOf("\uD83D\uD83D\uDC40"));
        Assert.Equal(1, CountOf("\uD83D \u200B"));
    }

    [Fact]
    public void Append_WhenAPairIsSplit_CountsItAsOnePair()
    {
        Assert.Equal(2, CountOf("\uD83D", "\uDC40"));
        Assert.Equal(2, CountOf("\uD83D", "", "\uDC40"));
        Assert.Equal(0, CountOf("\uDB40", "\uDC41"));
        Assert.Equal(3, CountOf("a", "\uD83D", "\uDC40"));
    }

    [Fact]
    public void EndRun_WhenARunFollows_TrimsEachOnItsOwn()
    {
        var text = default(VisibleText);
        text.Append(" one ");
        text.EndRun();
        text.Append(" two \uD83D");
        Assert.Equal(6, text.Length);
        text.EndRun();
        text.Append("\uDC40");
        text.EndRun();

        Assert.Equal(3 + 3 + 2 + 1, text.Length);
    }

    [Fact]
    public void Append_WhenRandomTextsAreCutAnywhere_CountsAsTheSlowCount()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int n = 0; n < 20_000; n++)
        {
            string text = RandomText.Create(random, 12);
            var pieces = new List<string>();
            for (int start = 0; start < text.Length;)
            {
                int length = random.Next(text.Length - start + 1);
                pieces.Add(text.Substring(start, length));
                start += length;
            }

            int expected = RandomText.Count(text);
            if (CountOf(text) != expected || CountOf([.. pieces]) != expected)
                Assert.Fail($"Seed {seed}, text {n}: expected {expected}, whole {CountOf(text)}, in pieces {CountOf([.. pieces])}: {Escape(text)}");
        }
    }

    private static string Escape(string text) => string.Concat(text.Select(c => $"\\u{(int)c:X4}"));

    private static int CountOf(params string[] pieces)
    {
        var text = default(VisibleText);
        foreach (string piece in pieces)
            text.Append(piece);

        text.EndRun();
        return text.Length;
    }
}
