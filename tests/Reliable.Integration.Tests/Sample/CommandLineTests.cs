using System.CommandLine;
using ChatQuota;

namespace Reliable.Integration.Tests.Sample;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--calls", "0")]
    [InlineData("--calls", "many")]
    [InlineData("--concurrency", "-1")]
    [InlineData("--users", "1.5")]
    [InlineData("--seed", "x")]
    [InlineData("--limit", "-1")]
    public async Task Invoke_WhenValueIsWrong_NamesOptionAndValue(string option, string value)
    {
        await using var error = new StringWriter();

        int exitCode = await ChatQuotaCommand.Parse([option, value])
            .InvokeAsync(new InvocationConfiguration { Error = error, Output = error }, TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains($"'{option}' is '{value}'", error.ToString(), StringComparison.Ordinal);
    }
}
