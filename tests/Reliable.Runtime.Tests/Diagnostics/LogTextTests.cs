using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

public sealed class LogTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("chat-1", "chat-1")]
    [InlineData("Grüße, 用户 👋", "Grüße, 用户 👋")]
    [InlineData("a\r\nb", "a__b")]
    [InlineData("\u0000\u001b[31mred\u007f", "__[31mred_")]
    [InlineData("a\u0085b\u2028c\u2029d", "a_b_c_d")]
    [InlineData("a\tb", "a_b")]
    public void Clean_WhenGivenText_LeavesOneLineOfIt(string? text, string expected) => Assert.Equal(expected, LogText.Clean(text));

    [Fact]
    public void Clean_WhenTextIsFit_IsTheSameObject()
    {
        string text = new('x', LogText.MaxLength);
        Assert.Same(text, LogText.Clean(text));
    }

    [Fact]
    public void Clean_WhenTextIsLong_CutsIt()
        => Assert.Equal(new string('x', LogText.MaxLength) + "…", LogText.Clean(new string('x', LogText.MaxLength + 1)));

    [Fact]
    public void Clean_WhenTheCutFallsIntoACharacter_LeavesItOut()
        => Assert.Equal("abc…", LogText.Clean("abc👋def", maxLength: 4));

    [Fact]
    public async Task Log_WhenUserIdHasLineBreaks_StaysOneLine()
    {
        await using var harness = new RuntimeHarness();
        await using (await harness.Runtime.Usage.BeginAsync("u1\n[Retry] forged"))
        {
        }

        Assert.Contains(harness.Log.Texts, static text => text.Contains("u1_[Retry] forged", StringComparison.Ordinal));
        Assert.DoesNotContain(harness.Log.Texts, static text => text.Contains('\n', StringComparison.Ordinal));
    }
}
