using System.Text.RegularExpressions;

namespace Reliable.Integration.Tests.Deploy;

public sealed partial class AlertRuleTests
{
    private const string Promtool = "promtool";
    private const string Package = "prometheus";

    private static readonly string s_rules = Tool.PathOf("deploy", "prometheus", "reliable.rules.yml");
    private static readonly string s_tests = Tool.PathOf("deploy", "prometheus", "reliable.rules.test.yml");

    [Fact]
    public async Task Rules_WhenChecked_AreValid()
    {
        (int exitCode, string output) = await Tool.RunAsync(Tool.Require(Promtool, Package), ["check", "rules", "--lint-fatal", s_rules]);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Rules_WhenTested_AlertAsTheirTestsSay()
    {
        (int exitCode, string output) = await Tool.RunAsync(Tool.Require(Promtool, Package), ["test", "rules", s_tests]);

        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData("reliable:retry:ratio5m > 0.10", "reliable:retry:ratio5m > 0.05")]
    [InlineData("reliable:model_retry:ratio5m > 0.20", "reliable:model_retry:ratio5m > 0.25")]
    [InlineData("reliable:rollback:ratio5m > 0.02", "reliable:rollback:ratio5m > 0.01")]
    [InlineData("reliable:rejection:ratio5m > 0.15", "reliable:rejection:ratio5m > 0.20")]
    [InlineData("avg5m > 10", "avg5m > 5")]
    [InlineData("unless reliable_transactions_commit_failures_total offset 5m", "unless reliable_transactions_commit_failures_total")]
    [InlineData("sum by (job, instance) (delta(reliable_journal_charges[10m])) > 0", "sum by (job, instance) (delta(reliable_journal_charges[10m])) >= 0")]
    public async Task Tests_WhenARuleIsWrong_Fail(string right, string wrong)
    {
        string promtool = Tool.Require(Promtool, Package);
        string directory = Directory.CreateTempSubdirectory("reliable-rules-").FullName;
        try
        {
            string rules = await File.ReadAllTextAsync(s_rules, TestContext.Current.CancellationToken);
            Assert.Contains(right, rules, StringComparison.Ordinal);
            await File.WriteAllTextAsync(
                Path.Combine(directory, Path.GetFileName(s_rules)), rules.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            File.Copy(s_tests, Path.Combine(directory, Path.GetFileName(s_tests)));

            (int exitCode, string output) = await Tool.RunAsync(promtool, ["test", "rules", Path.Combine(directory, Path.GetFileName(s_tests))]);

            Assert.True(exitCode != 0, output);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Rules_WhenRead_HaveAnAlertForEachRuleOfTheHealthCheck()
    {
        var alerts = new Dictionary<HealthRule, string>
        {
            [HealthRule.RetryRate] = "ReliableRetryRateHigh",
            [HealthRule.ModelRetryRate] = "ReliableModelRetryRateHigh",
            [HealthRule.RollbackRate] = "ReliableRollbackRateHigh",
            [HealthRule.RejectionRate] = "ReliableRejectionRateHigh",
            [HealthRule.CommitFailures] = "ReliableCommitFailures",
            [HealthRule.RetryDuration] = "ReliableRetriesSlow",
        };

        // The score is made of the others, and an instance that refuses calls has a journal that has grown.
        Assert.Equal([HealthRule.Score, HealthRule.CallsRefused], Enum.GetValues<HealthRule>().Except(alerts.Keys));
        Assert.Equal(alerts.Values.Append("ReliableJournalGrowing"), Alert().Matches(File.ReadAllText(s_rules)).Select(static match => match.Groups[1].Value));
    }

    [Fact]
    public void Rules_WhenRead_NameARunbookThatExists()
    {
        string document = File.ReadAllText(Tool.PathOf("docs", "monitoring.md"));
        MatchCollection runbooks = Runbook().Matches(File.ReadAllText(s_rules));

        Assert.Equal(7, runbooks.Count);
        Assert.All(runbooks, runbook => Assert.Contains($"### {runbook.Groups[1].Value.Replace('-', ' ')}\n", document, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: docs/monitoring\.md#([a-z-]+)")]
    private static partial Regex Runbook();
}
