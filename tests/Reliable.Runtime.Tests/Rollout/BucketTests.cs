using System.Numerics;

namespace Reliable.Rollout;

public sealed class BucketTests
{
    [Fact]
    public void Of_WhenComparedWithTheDefinition_IsTheSame()
    {
        var random = new Random(7);
        IEnumerable<string> ids =
        [
            "", " ", "u1", "ü", "用户", "👩‍👩‍👧", "\ud800", "\udc00x", "x\ud83d", "\udc00\ud800", "a\0b", new string('x', 85), new string('x', 86), new string('€', 100_000),
            .. Enumerable.Range(0, 10_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(120)).Select(_ => (char)random.Next(1, 0xD800)))),
            .. Enumerable.Range(0, 2_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(0xD7F0, 0xE010)))),
        ];

        Assert.All(ids, static id => Assert.Equal(Defined(id), Bucket.Of(id)));
    }

    [Theory]
    [InlineData("u1")]
    [InlineData("")]
    [InlineData("alice@example.com")]
    public void Of_WhenAskedAgain_IsTheSame(string id) => Assert.Equal(Bucket.Of(id), Bucket.Of(new string(id.AsSpan())));

    [Fact]
    public void Of_WhenAMillionIdsAreCounted_IsUniformWithinOnePercent()
    {
        int[] counts = new int[100];
        for (int i = 0; i < 1_000_000; i++)
            counts[Bucket.Of($"user-{i}")]++;

        // The share of users at each percentage is off by less than one of a hundred, and no bucket by more than the chance of a fair draw: 4.4 deviations.
        Assert.All(counts, static count => Assert.InRange(count, 10_000 - 440, 10_000 + 440));
        int below = 0;
        for (int percent = 1; percent <= 100; percent++)
        {
            below += counts[percent - 1];
            Assert.InRange(below, (percent - 1) * 10_000, (percent + 1) * 10_000);
        }

        // Chi-squared with 99 degrees of freedom: above 170 once in a hundred thousand.
        Assert.True(counts.Sum(static count => Math.Pow(count - 10_000, 2) / 10_000) < 170);
    }

    // Written from the definition alone, in unbounded arithmetic.
    private static int Defined(string id)
    {
        BigInteger word = BigInteger.One << 32;
        BigInteger hash = 0x811C9DC5;
        foreach (int value in Utf8(id))
            hash = (hash ^ value) * 0x01000193 % word;
        hash ^= hash >> 16;
        hash = hash * 0x85EBCA6B % word;
        hash ^= hash >> 13;
        hash = hash * 0xC2B2AE35 % word;
        hash ^= hash >> 16;
        return (int)(hash % 100);
    }

    // Half a pair of surrogates is no character: it becomes U+FFFD, as the encoder of .NET and of browsers has it.
    private static IEnumerable<int> Utf8(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            int point = isPair ? 0x10000 + ((text[i] - 0xD800) * 0x400) + (text[++i] - 0xDC00) : char.IsSurrogate(text[i]) ? 0xFFFD : text[i];
            int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
            yield return more == 0 ? point : ((0xFF00 >> (more + 1)) & 0xFF) | (point >> (6 * more));
            while (more-- > 0)
                yield return 0x80 | ((point >> (6 * more)) & 0x3F);
        }
    }
}
