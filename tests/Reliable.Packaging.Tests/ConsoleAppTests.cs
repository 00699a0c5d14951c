using Reliable.Packaging.Infrastructure;

namespace Reliable.Packaging;

/// <summary>A console application with the code of the contract, word for word.</summary>
public sealed class ConsoleAppTests(Packages packages)
{
    [Fact]
    public async Task ConsoleApp_WhenBuiltFromThePackages_ChargesGoodAnswersOnly()
    {
        Consumer consumer = packages.CreateConsumer("console-app");
        consumer.Copy("Console");
        await consumer.BuildAsync("Console");

        IReadOnlyList<string> lines = await consumer.RunAsync("Console");

        Assert.Equal(
            [
                "good: Turn it off and on again.",
                "good: 1 attempts, used 1",
                "moody: Turn it off and on again.",
                "moody: 2 attempts, used 2",
                "manual: txn- open for u1",
                "manual: used 3 after a commit",
                "manual: used 3, reserved 0 after an abandoned one",
                "mute: 4 attempts, last asked with 100: system, used 0",
                "summarizer: OpenAI, In short: a long story",
                "summarizer: used 1",
                "postgres: SupportAssistant",
            ],
            lines.Where(static line => line.Contains(':', StringComparison.Ordinal) && char.IsLower(line[0]) && !line.StartsWith("info", StringComparison.Ordinal)));
    }
}
