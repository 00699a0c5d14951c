using Microsoft.Extensions.Options;

namespace Reliable.Configuration;

public sealed class OptionsCheckerTests
{
    [Theory]
    [InlineData("Rollout:Percent", "101", "0 to 100")]
    [InlineData("Rollout:Percent", "-1", "0 to 100")]
    [InlineData("Rollout:ActiveHours", "22", "'22-06'")]
    [InlineData("Rollout:TimeZone", "Mars/Base", "'Europe/Berlin'")]
    [InlineData("Retry:MaxRetries", "11", "0 to 10")]
    [InlineData("Retry:MaxRetries", "-1", "0 to 10")]
    [InlineData("Retry:MaxDelay", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Retry:AttemptTimeout", "2.00:00:00", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Retry:TotalTimeout", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Validation:MinLength", "-1", "0 or more")]
    [InlineData("Validation:MinFollowUpLength", "-1", "0 or more")]
    [InlineData("Transactions:Timeout", "00:00:00.9990000", "from 00:00:01 to 1.00:00:00")]
    [InlineData("Transactions:CleanupInterval", "00:00:00.0990000", "from 00:00:00.1000000 to 1.00:00:00")]
    [InlineData("Usage:CommitTimeout", "00:00:00.0090000", "from 00:00:00.0100000 to 1.00:00:00")]
    [InlineData("Usage:LedgerRetention", "23:59:59", "from 1.00:00:00 to 3650.00:00:00")]
    [InlineData("Usage:LedgerRetention", "3651.00:00:00", "from 1.00:00:00 to 3650.00:00:00")]
    [InlineData("Usage:DefaultLimit", "-1", "0 or more")]
    [InlineData("Usage:ResetTimeZone", "Nowhere", "'Europe/Berlin'")]
    [InlineData("Streaming:MaxHold", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Streaming:MaxHeldUpdates", "0", "1 to 100000")]
    [InlineData("Streaming:MaxHeldUpdates", "100001", "1 to 100000")]
    [InlineData("Streaming:FirstUpdateTimeout", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Streaming:IdleTimeout", "2.00:00:00", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Health:Window", "00:00:09", "from 00:00:10 to 1.00:00:00")]
    [InlineData("Health:Interval", "00:00:00.0990000", "from 00:00:00.1000000 to 1.00:00:00")]
    [InlineData("Health:MinCalls", "0", "1 or more")]
    [InlineData("Health:MaxRetryPercent", "-0.1", "0 or more")]
    [InlineData("Health:MaxModelRetryPercent", "-1", "0 or more")]
    [InlineData("Health:MaxRollbackPercent", "-1", "0 or more")]
    [InlineData("Health:MaxRejectionPercent", "-1", "0 or more")]
    [InlineData("Health:MaxRetryDuration", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Health:MaxCommitFailures", "-1", "0 or more")]
    [InlineData("Health:MinScore", "-1", "0 to 100")]
    [InlineData("Health:MinScore", "100.5", "0 to 100")]
    [InlineData("Methods:A.B:Retry:MaxRetries", "11", "0 to 10")]
    [InlineData("Methods:A.B:Retry:AttemptTimeout", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Methods:A.B:Retry:TotalTimeout", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Methods:A.B:Validation:MinLength", "-1", "0 or more")]
    [InlineData("Methods:A.B:Validation:MinFollowUpLength", "-1", "0 or more")]
    [InlineData("Methods:A.B:Streaming:MaxHold", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    [InlineData("Methods:A.B:Streaming:MaxHeldUpdates", "0", "1 to 100000")]
    [InlineData("Methods:A.B:Streaming:IdleTimeout", "-00:00:01", "from 00:00:00 to 1.00:00:00")]
    public void Validate_WhenValueIsOutOfRange_NamesKeyValueAndWhatIsAllowed(string key, string value, string allowed)
    {
        string mistake = Assert.Single(Settings.MistakesOf((key, value)));

        Assert.StartsWith($"'Reliable:{key}' is '{value}', but must be ", mistake, StringComparison.Ordinal);
        Assert.Contains(allowed, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Methods:A.B:")]
    public void Validate_WhenEveryAttemptWouldBeGivenUpAtOnce_IsAMistake(string prefix)
    {
        string mistake = Assert.Single(Settings.MistakesOf((prefix + "Streaming:MaxHold", "00:00:00"), (prefix + "Streaming:OnHoldExceeded", "GiveUp")));

        Assert.StartsWith($"'Reliable:{prefix}Streaming:OnHoldExceeded' is 'GiveUp', but must be Release while '{prefix}Streaming:MaxHold' is zero", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Rollout:Percent", "0")]
    [InlineData("Rollout:Percent", "100")]
    [InlineData("Retry:MaxRetries", "0")]
    [InlineData("Retry:MaxRetries", "10")]
    [InlineData("Retry:MaxDelay", "00:00:00")]
    [InlineData("Retry:TotalTimeout", "1.00:00:00")]
    [InlineData("Transactions:Timeout", "00:00:01")]
    [InlineData("Transactions:CleanupInterval", "00:00:00.1")]
    [InlineData("Usage:CommitTimeout", "00:00:00.01")]
    [InlineData("Usage:LedgerRetention", "1.00:00:00")]
    [InlineData("Usage:LedgerRetention", "3650.00:00:00")]
    [InlineData("Usage:DefaultLimit", "0")]
    [InlineData("Streaming:MaxHold", "00:00:00")]
    [InlineData("Streaming:MaxHeldUpdates", "1")]
    [InlineData("Streaming:IdleTimeout", "00:00:00")]
    [InlineData("Health:Window", "00:00:10")]
    [InlineData("Health:Interval", "00:00:00.1")]
    [InlineData("Health:MinCalls", "1")]
    [InlineData("Health:MaxRetryPercent", "0")]
    [InlineData("Health:MaxRetryPercent", "250.5")]
    [InlineData("Health:MaxRetryDuration", "00:00:00")]
    [InlineData("Health:MinScore", "0")]
    [InlineData("Health:MinScore", "100")]
    public void Validate_WhenValueIsAtTheEdge_Succeeds(string key, string value) => Assert.Empty(Settings.MistakesOf((key, value)));

    [Fact]
    public void Validate_WhenOneDelayIsWrong_NamesItsPlace()
        => Assert.StartsWith("'Reliable:Retry:Backoff:1' is '-00:00:01'", Assert.Single(Settings.MistakesOf(("Retry:Backoff", "00:00:01,-00:00:01"))), StringComparison.Ordinal);

    [Fact]
    public void Validate_WhenThereAreNoDelays_SaysSo()
        => Assert.Equal("'Reliable:Retry:Backoff' is '', but must be at least one time such as '00:00:01'.", Assert.Single(Settings.MistakesOf(("Retry:Backoff", ","))));

    [Fact]
    public void Validate_WhenDeferredWithoutJournal_SaysWhatWouldBeLost()
        => Assert.StartsWith(
            "'Reliable:Usage:Journal' is 'None', but must be ProcessCrash or PowerLoss while",
            Assert.Single(Settings.MistakesOf(("Usage:Commit", "Deferred"), ("Usage:Journal", "None"))),
            StringComparison.Ordinal);

    [Fact]
    public void Validate_WhenCodeSetsUndefinedValues_NamesEach()
    {
        var options = new ReliableOptions();
        options.Rollout.Mode = (RolloutMode)9;
        options.Validation.Rules = (ResponseRules)64;
        options.Usage.Commit = (CommitMode)9;
        options.Usage.Journal = (JournalMode)9;

        Assert.Equal(
            ["'Reliable:Rollout:Mode' is '9'", "'Reliable:Validation:Rules' is '64'", "'Reliable:Usage:Commit' is '9'", "'Reliable:Usage:Journal' is '9'"],
            Settings.MistakesOf(options).Select(static mistake => mistake.Split(',')[0]));
    }

    [Fact]
    public void Validate_WhenThereAreMistakesOfEveryKind_ReportsAllAtOnce()
    {
        ReliableOptions options = Settings.Read(
            [("Retry:MaxRetries", "99"), ("Retry:Jitter", "x"), ("Usage:ResetTimeZone", "x"), ("Methods:A.B:MinLength", "-1")], [("VALIDATE_NO_EMPTY", "x")]);

        Assert.Equal(5, Settings.MistakesOf(options).Count);
    }

    [Fact]
    public void Create_WhenOptionsAreWrong_ThrowsOnceWithAllMistakes()
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => ReliableRuntime.Create(static o =>
        {
            o.Retry.MaxRetries = 11;
            o.Rollout.Percent = 200;
        }));

        Assert.Equal(2, exception.Failures.Count());
        Assert.Contains("'Reliable:Retry:MaxRetries' is '11'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'Reliable:Rollout:Percent' is '200'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_WhenDefaults_AreNone() => Assert.Empty(OptionsChecker.Warnings(new ReliableOptions()));

    [Theory]
    [InlineData("Retry:MaxRetries", "6", "'Reliable:Retry:MaxRetries' is 6")]
    [InlineData("Retry:MaxRetries", "4", "'Reliable:Retry:Backoff' adds up to 11 s over 4 retries")]
    [InlineData("Retry:MaxRetries", "4", "'Reliable:Retry:Backoff' has 3 delays for 4 retries")]
    [InlineData("Retry:Backoff", "00:00:01", "'Reliable:Retry:Backoff' has 1 delay for 3 retries")]
    [InlineData("Retry:Backoff", "00:00:04,00:00:04,00:00:02.5", "'Reliable:Retry:Backoff' adds up to 10.5 s over 3 retries")]
    [InlineData("Transactions:Timeout", "00:00:59", "'Reliable:Transactions:Timeout' is 00:00:59")]
    [InlineData("Transactions:CleanupInterval", "00:06:00", "'Reliable:Transactions:CleanupInterval' is 00:06:00, longer than the timeout of 00:05:00")]
    public void Warnings_WhenValueIsUnwise_NameKeyAndValue(string key, string value, string expected)
        => Assert.Contains(OptionsChecker.Warnings(Settings.Read((key, value))), warning => warning.StartsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("Methods:A.B:Retry:MaxRetries", "6", "'Reliable:Methods:A.B:Retry:MaxRetries' is 6")]
    [InlineData("Methods:A.B:Retry:Backoff", "00:00:01,00:00:02", "'Reliable:Methods:A.B:Retry:Backoff' has 2 delays for 3 retries")]
    [InlineData("Methods:A.B:Backoff", "00:00:04,00:00:04,00:00:04", "'Reliable:Methods:A.B:Retry:Backoff' adds up to 12 s over 3 retries")]
    [InlineData("Methods:AskAsync:MaxRetries", "1", "'Reliable:Methods:AskAsync' names no method")]
    public void Warnings_WhenAMethodsValueIsUnwise_NameTheMethod(string key, string value, string expected)
        => Assert.StartsWith(expected, Assert.Single(OptionsChecker.Warnings(Settings.Read((key, value)))), StringComparison.Ordinal);

    [Theory]
    [InlineData("MaxRetries", "5")]
    [InlineData("Backoff", "00:00:01,00:00:02,00:00:03,00:00:04")]
    [InlineData("MinLength", "1")]
    public void Warnings_WhenAMethodsValueIsWise_AreNone(string key, string value)
        => Assert.Empty(OptionsChecker.Warnings(Settings.Read(("Methods:A.B:" + key, value))));

    [Theory]
    [InlineData("00:00:05,00:00:03,00:00:02")]
    [InlineData("00:00:03,00:00:03,00:00:04,01:00:00")]
    public void Warnings_WhenDelaysInUseAddUpToTenSeconds_AreNone(string backoff)
        => Assert.Empty(OptionsChecker.Warnings(Settings.Read(("Retry:Backoff", backoff))));
}
