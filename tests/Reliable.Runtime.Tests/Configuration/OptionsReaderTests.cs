using System.Collections;
using System.Globalization;
using Reliable.Streaming;

namespace Reliable.Configuration;

public sealed class OptionsReaderTests
{
    [Theory]
    [InlineData("Rollout:Mode", "Observe", "Observe")]
    [InlineData("Rollout:Mode", "on", "On")]
    [InlineData("Rollout:Percent", "25", "25")]
    [InlineData("Rollout:TestUsers", "u1, u2,", "u1|u2")]
    [InlineData("Rollout:DisabledUsers", "u3", "u3")]
    [InlineData("Rollout:DisabledModels", "m1,m2", "m1|m2")]
    [InlineData("Rollout:ActiveHours", "22-06", "22-06")]
    [InlineData("Rollout:TimeZone", "Europe/Berlin", "Europe/Berlin")]
    [InlineData("Retry:MaxRetries", "7", "7")]
    [InlineData("Retry:Backoff", "00:00:02,00:00:00.250", "00:00:02|00:00:00.2500000")]
    [InlineData("Retry:Jitter", "true", "True")]
    [InlineData("Retry:MaxDelay", "00:01:00", "00:01:00")]
    [InlineData("Retry:AttemptTimeout", "00:00:20", "00:00:20")]
    [InlineData("Retry:TotalTimeout", "1.00:00:00", "1.00:00:00")]
    [InlineData("Retry:EnableFallback", "False", "False")]
    [InlineData("Validation:MinLength", "0", "0")]
    [InlineData("Validation:MinFollowUpLength", "5", "5")]
    [InlineData("Validation:Rules", "notempty, MinText", "NotEmpty, MinText")]
    [InlineData("Transactions:Timeout", "00:10:00", "00:10:00")]
    [InlineData("Transactions:CleanupInterval", "00:00:30", "00:00:30")]
    [InlineData("Usage:Commit", "Deferred", "Deferred")]
    [InlineData("Usage:CommitTimeout", "00:00:00.050", "00:00:00.0500000")]
    [InlineData("Usage:LedgerRetention", "7.12:00:00", "7.12:00:00")]
    [InlineData("Usage:Journal", "PowerLoss", "PowerLoss")]
    [InlineData("Usage:JournalPath", "journal", "journal")]
    [InlineData("Usage:DefaultLimit", "9000000000", "9000000000")]
    [InlineData("Usage:ResetTimeZone", "America/New_York", "America/New_York")]
    [InlineData("Streaming:MaxHold", "00:00:03", "00:00:03")]
    [InlineData("Streaming:MaxHeldUpdates", "20", "20")]
    [InlineData("Health:Window", "00:10:00", "00:10:00")]
    [InlineData("Health:Interval", "00:00:01", "00:00:01")]
    [InlineData("Health:MinCalls", "20", "20")]
    [InlineData("Health:MaxRetryPercent", "12.5", "12.5")]
    [InlineData("Health:MaxModelRetryPercent", "25", "25")]
    [InlineData("Health:MaxRollbackPercent", "0.5", "0.5")]
    [InlineData("Health:MaxRejectionPercent", "30", "30")]
    [InlineData("Health:MaxRetryDuration", "00:00:05", "00:00:05")]
    [InlineData("Health:MaxCommitFailures", "3", "3")]
    [InlineData("Health:MinScore", "60", "60")]
    [InlineData("Streaming:OnHoldExceeded", "giveup", "GiveUp")]
    [InlineData("Streaming:FirstUpdateTimeout", "00:02:00", "00:02:00")]
    [InlineData("Streaming:IdleTimeout", "00:00:00", "00:00:00")]
    [InlineData("Streaming:OnLateFailure", "Restart", "Restart")]
    [InlineData("Streaming:PassDuringHold", "Reasoning, Usage", "Reasoning, Usage")]
    [InlineData("Streaming:StatusUpdates", "true", "True")]
    public void Configure_WhenKeyIsSet_SetsTheOption(string key, string value, string expected)
    {
        ReliableOptions options = Settings.Read((key, value));

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Empty(options.Strays);
        Assert.Equal(expected, Text(ValueOf(options, key)));
    }

    [Theory]
    [InlineData("Rollout:Mode", "Maybe", "Off, Observe, On")]
    [InlineData("Rollout:Mode", "2", "Off, Observe, On")]
    [InlineData("Rollout:Mode", "Off,On", "Off, Observe, On")]
    [InlineData("Rollout:Percent", "half", "a whole number from 0 to 100")]
    [InlineData("Retry:MaxRetries", "3.5", "a whole number from 0 to 10")]
    [InlineData("Retry:MaxRetries", "99999999999", "whole number")]
    [InlineData("Retry:Backoff", "1000,2000", "times such as '00:00:01'")]
    [InlineData("Retry:Jitter", "yes", "'true' or 'false'")]
    [InlineData("Retry:MaxDelay", "30", "a time such as '00:00:01'")]
    [InlineData("Retry:AttemptTimeout", "soon", "a time such as '00:00:01'")]
    [InlineData("Retry:TotalTimeout", "5s", "a time such as '00:00:01'")]
    [InlineData("Retry:EnableFallback", "1", "'true' or 'false'")]
    [InlineData("Validation:MinLength", "ten", "a whole number, 0 or more")]
    [InlineData("Validation:MinFollowUpLength", "-", "whole number")]
    [InlineData("Validation:Rules", "MinTxt", "NotEmpty, NotWhitespace, NoToolCallsOnly, ToolOutputsExplained, MinText")]
    [InlineData("Validation:Rules:MinText", "off", "'true' or 'false'")]
    [InlineData("Transactions:Timeout", "300000", "a time such as '00:00:01'")]
    [InlineData("Transactions:CleanupInterval", "often", "a time such as '00:00:01'")]
    [InlineData("Usage:Commit", "Later", "Awaited, Deferred")]
    [InlineData("Usage:Commit", "Awaited,Deferred", "Awaited, Deferred")]
    [InlineData("Usage:CommitTimeout", "1", "a time such as '00:00:01'")]
    [InlineData("Usage:Journal", "Always", "None, ProcessCrash, PowerLoss")]
    [InlineData("Usage:Journal", "ProcessCrash,PowerLoss", "None, ProcessCrash, PowerLoss")]
    [InlineData("Usage:DefaultLimit", "many", "whole number")]
    [InlineData("Streaming:MaxHold", "10", "a time such as '00:00:01'")]
    [InlineData("Streaming:MaxHeldUpdates", "few", "a whole number from 1 to 100000")]
    [InlineData("Health:MaxRetryPercent", "10 %", "a number, 0 or more")]
    [InlineData("Health:MaxRetryPercent", "NaN", "a number, 0 or more")]
    [InlineData("Health:MinScore", "high", "a number from 0 to 100")]
    [InlineData("Streaming:OnHoldExceeded", "Wait", "Release, GiveUp")]
    [InlineData("Streaming:OnLateFailure", "Hide", "Throw, Restart")]
    [InlineData("Streaming:PassDuringHold", "Text", "None, Reasoning, Usage, Empty, All")]
    [InlineData("Streaming:StatusUpdates", "1", "'true' or 'false'")]
    [InlineData("Methods:A.B:Streaming:OnLateFailure", "x", "Throw, Restart")]
    [InlineData("Methods:A.B:Retry:MaxRetries", "x", "whole number")]
    [InlineData("Methods:A.B:Validation:Rules", "x", "NotEmpty")]
    public void Configure_WhenValueCannotBeRead_NamesKeyValueAndWhatIsAllowed(string key, string value, string allowed)
    {
        string mistake = Assert.Single(Settings.MistakesOf((key, value)));

        Assert.StartsWith($"'Reliable:{key}' is '{value}', but must be ", mistake, StringComparison.Ordinal);
        Assert.Contains(allowed, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Methods:A.B:Streaming:")]
    [InlineData("Methods:A.B:")]
    public void Configure_WhenAMethodsStreamsAreSet_OverridesTheGeneralSection(string prefix)
    {
        ReliableOptions options = Settings.Read(
            (prefix + "MaxHold", "00:00:01"),
            (prefix + "MaxHeldUpdates", "2"),
            (prefix + "OnHoldExceeded", "GiveUp"),
            (prefix + "FirstUpdateTimeout", "00:00:03"),
            (prefix + "IdleTimeout", "00:00:04"),
            (prefix + "OnLateFailure", "Restart"),
            (prefix + "PassDuringHold", "Usage"),
            (prefix + "StatusUpdates", "true"));

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Empty(options.Strays);
        Assert.Equal(
            new StreamSettings(
                TimeSpan.FromSeconds(1), 2, HoldExceededAction.GiveUp, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), LateFailureAction.Restart, PassedUpdates.Usage, true),
            StreamSettings.Resolve(options.Methods["A.B"], options.Streaming));
    }

    [Fact]
    public void Configure_WhenValueCannotBeRead_KeepsTheDefault()
        => Assert.Equal(3, Settings.Read(("Retry:MaxRetries", "many")).Retry.MaxRetries);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Configure_WhenValueIsEmpty_KeepsTheDefault(string? value)
    {
        ReliableOptions options = Settings.Read(("Retry:MaxRetries", value), ("Retry:Backoff", value), ("Usage:ResetTimeZone", value));

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Equal((3, 3, "UTC"), (options.Retry.MaxRetries, options.Retry.Backoff.Count, options.Usage.ResetTimeZone));
    }

    [Fact]
    public void Configure_WhenListsAreArrays_ReadsTheElements()
    {
        ReliableOptions options = Settings.Read(
            ("Rollout:TestUsers:0", "u1"), ("Rollout:TestUsers:1", "u,2"), ("Retry:Backoff:0", "00:00:05"), ("Retry:Backoff:1", "00:00:06"));

        Assert.Equal(["u1", "u,2"], options.Rollout.TestUsers);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)], options.Retry.Backoff);
        Assert.Empty(options.Strays);
    }

    [Fact]
    public void Configure_WhenRulesAreAnArray_ReadsTheElements()
        => Assert.Equal(
            ResponseRules.NotEmpty | ResponseRules.MinText,
            Settings.Read(("Validation:Rules:0", "NotEmpty"), ("Validation:Rules:1", "MinText")).Validation.Rules);

    [Theory]
    [InlineData(ResponseRules.NotEmpty)]
    [InlineData(ResponseRules.NotWhitespace)]
    [InlineData(ResponseRules.NoToolCallsOnly)]
    [InlineData(ResponseRules.ToolOutputsExplained)]
    [InlineData(ResponseRules.MinText)]
    public void Configure_WhenOneRuleIsSwitched_SwitchesThatRuleOnly(ResponseRules rule)
    {
        Assert.Equal(ResponseRules.All & ~rule, Settings.Read(("Validation:Rules:" + rule, "false")).Validation.Rules);
        Assert.Equal(rule, Settings.Read(("Validation:Rules", "None"), ("Validation:Rules:" + rule, "true")).Validation.Rules);
    }

    [Theory]
    [InlineData("Methods:A.B:Retry:MaxRetries")]
    [InlineData("Methods:A.B:MaxRetries")]
    public void Configure_WhenMethodHasAKey_SetsThatMethodOnly(string key)
    {
        ReliableOptions options = Settings.Read((key, "1"));

        Assert.Equal(1, options.Methods["A.B"].MaxRetries);
        Assert.Equal(3, options.Retry.MaxRetries);
        Assert.Empty(options.Strays);
    }

    [Fact]
    public void Configure_WhenMethodHasEveryKey_SetsAll()
    {
        ReliableOptions options = Settings.Read(
            ("Methods:A.B:Retry:Backoff", "00:00:01"),
            ("Methods:A.B:Retry:Jitter", "true"),
            ("Methods:A.B:Retry:AttemptTimeout", "00:00:02"),
            ("Methods:A.B:Retry:TotalTimeout", "00:00:03"),
            ("Methods:A.B:Retry:EnableFallback", "false"),
            ("Methods:A.B:Validation:MinLength", "4"),
            ("Methods:A.B:Validation:MinFollowUpLength", "5"),
            ("Methods:A.B:Validation:Rules", "MinText"));
        MethodOptions method = Assert.Single(options.Methods).Value;

        Assert.Equal([TimeSpan.FromSeconds(1)], method.Backoff);
        Assert.Equal((true, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), false), (method.Jitter, method.AttemptTimeout, method.TotalTimeout, method.EnableFallback));
        Assert.Equal((4, 5, ResponseRules.MinText), (method.MinLength, method.MinFollowUpLength, method.Rules));
        Assert.Empty(options.Strays);
    }

    [Fact]
    public void Configure_WhenMethodSwitchesOneRule_LeavesTheOthersToWhatAppliesWithoutIt()
    {
        MethodOptions method = Settings.Read(("Methods:A.B:Validation:Rules:MinText", "false"), ("Methods:A.B:Rules:NotEmpty", "true")).Methods["A.B"];

        Assert.Null(method.Rules);
        Assert.Equal(ResponseRules.NotEmpty | ResponseRules.NotWhitespace, method.RulesOver(ResponseRules.NotWhitespace | ResponseRules.MinText));
    }

    [Fact]
    public void Configure_WhenMethodIsWrittenInAnotherCase_IsFoundAsConfigurationKeysAre()
        => Assert.Equal(1, Settings.Read(("Methods:assistant.ASKASYNC:MaxRetries", "1")).Methods["Assistant.AskAsync"].MaxRetries);

    [Theory]
    [InlineData("Retry:MaxRetry")]
    [InlineData("Rollout")]
    [InlineData("Validation:Rules:MinTxt")]
    [InlineData("Methods:A.B:Retry:MaxRetry")]
    [InlineData("Retry:MaxRetries:0")]
    [InlineData("Health:Enabled")]
    public void Configure_WhenKeyIsNoSetting_NotesIt(string key)
        => Assert.Equal(key, Assert.Single(Settings.Read((key, "true")).Strays));

    [Fact]
    public void Configure_WhenKeysDifferInCase_NotesNothing()
        => Assert.Empty(Settings.Read(("retry:maxretries", "2"), ("VALIDATION:RULES:mintext", "false")).Strays);

    [Fact]
    public void Configure_WhenCultureIsAnother_ReadsTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fi-FI");
            Assert.Equal([TimeSpan.FromSeconds(1.5)], Settings.Read(("Retry:Backoff", "00:00:01.5")).Retry.Backoff);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static object? ValueOf(ReliableOptions options, string key)
        => key.Split(':').Aggregate((object?)options, static (value, name) => value!.GetType().GetProperty(name)!.GetValue(value));

    private static string? Text(object? value) => value switch
    {
        string text => text,
        IEnumerable items => string.Join('|', items.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
