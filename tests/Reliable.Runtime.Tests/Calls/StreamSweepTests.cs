using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>Streams that are cut, stall and are corrupted at every position, under readers that leave at every position.</summary>
public sealed class StreamSweepTests
{
    private static readonly string[] s_first = ["First ", "try", " of", " an answer", " with", " an end."];
    private static readonly string[] s_second = ["Now", " the", " second", " try", "."];

    [Theory]
    [InlineData("cut")]
    [InlineData("end")]
    [InlineData("silence")]
    [InlineData("corruption")]
    [InlineData("refusal")]
    public async Task StreamAsync_WhenItFailsAnywhereAndReaderLeavesAnywhere_ShowsOneAnswerAndChargesForWhatIsValid(string failure)
    {
        for (int at = 0; at <= s_first.Length; at++)
        {
            for (int leave = 1; leave <= s_first.Length + 1; leave++)
            {
                await TryAsync(failure, at, leave, isLater: false);
                await TryAsync(failure, at, leave, isLater: true);
            }
        }
    }

    private static async Task TryAsync(string failure, int at, int leave, bool isLater)
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHold = TimeSpan.FromMinutes(10));
        object[] end = failure switch
        {
            "cut" => [new HttpIOException(HttpRequestError.ResponseEnded)],
            "silence" => [StreamScript<string>.Silence],
            "refusal" => [new NonRetryableException()],
            "corruption" => [.. Enumerable.Repeat<object>("\u200B \n", 3)],
            _ => [],
        };
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock) { IsLater = isLater }.Then([.. s_first.Take(at), .. end]).Then(s_second));

        StreamReading<string> reading = await stream.ReadAsync(leave);

        string context = $"{failure} after {at}, reader leaves after {leave}: '{reading.Text}', {reading.Exception}";
        bool isOneAnswer = string.Concat(s_first.Take(at).Concat(end.OfType<string>())).StartsWith(reading.Text, StringComparison.Ordinal)
            || string.Concat(s_second).StartsWith(reading.Text, StringComparison.Ordinal);
        Assert.True(isOneAnswer, context);
        bool isValid = reading.Exception is null && ResponseValidator.Validate(reading.Text).IsValid;
        Assert.True(isValid || reading.Exception is not null || reading.Updates.Count == leave, context);
        Assert.True((isValid ? 1 : 0) == await harness.UsedAsync(), context);
        await stream.AssertSettledAsync(used: isValid ? 1 : 0);
    }
}
