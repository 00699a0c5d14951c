namespace Reliable.Configuration;

public sealed class EnvironmentNamesTests
{
    public static TheoryData<string, string, Func<ReliableOptions, object?>, object?> Right => new()
    {
        { "ENABLE_RETRY_LOGIC", "true", o => o.Rollout.Mode, RolloutMode.On },
        { "ENABLE_RETRY_LOGIC", "0", o => o.Rollout.Mode, RolloutMode.Off },
        { "ENABLE_RETRY_LOGIC", " True ", o => o.Rollout.Mode, RolloutMode.On },
        { "RETRY_ROLLOUT_PERCENT", "0", o => o.Rollout.Percent, 0 },
        { "RETRY_ROLLOUT_PERCENT", "100", o => o.Rollout.Percent, 100 },
        { "RETRY_TEST_USERS", "u1, u2", o => string.Join('|', o.Rollout.TestUsers), "u1|u2" },
        { "RETRY_DISABLED_USERS", "u3,,u4,", o => string.Join('|', o.Rollout.DisabledUsers), "u3|u4" },
        { "RETRY_MAX_ATTEMPTS", "5", o => o.Retry.MaxRetries, 5 },
        { "RETRY_BACKOFF_MS", "1000, 2000,4", o => string.Join('|', o.Retry.Backoff.Select(static t => t.TotalMilliseconds)), "1000|2000|4" },
        { "RETRY_ENABLE_FALLBACK", "false", o => o.Retry.EnableFallback, false },
        { "TRANSACTION_TIMEOUT_MS", "300500", o => o.Transactions.Timeout, TimeSpan.FromMilliseconds(300_500) },
        { "TRANSACTION_CLEANUP_INTERVAL_MS", "250", o => o.Transactions.CleanupInterval, TimeSpan.FromMilliseconds(250) },
        { "MIN_VALIDATION_TEXT_LENGTH", "20", o => o.Validation.MinLength, 20 },
        { "VALIDATE_MIN_TEXT", "false", o => o.Validation.Rules, ResponseRules.All & ~ResponseRules.MinText },
        { "VALIDATE_TOOL_EXPLANATION", "0", o => o.Validation.Rules, ResponseRules.All & ~ResponseRules.ToolOutputsExplained },
        { "VALIDATE_NO_TOOL_ONLY", "FALSE", o => o.Validation.Rules, ResponseRules.All & ~ResponseRules.NoToolCallsOnly },
        { "VALIDATE_NO_EMPTY", "false", o => o.Validation.Rules, ResponseRules.All & ~ResponseRules.NotEmpty },
        { "VALIDATE_NO_WHITESPACE", "false", o => o.Validation.Rules, ResponseRules.All & ~ResponseRules.NotWhitespace },
    };

    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void Configure_WhenNameIsSet_SetsTheOptionInItsUnit(string name, string value, Func<ReliableOptions, object?> option, object? expected)
    {
        ReliableOptions options = Settings.ReadEnvironment(name, value);

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Equal(expected, option(options));
    }

    // Beside a section that says something else: the name wins, and the operator who edits the section is told why nothing happens.
    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void Configure_WhenTheSectionSaysSomethingElse_TakesTheNameAndSaysSo(string name, string value, Func<ReliableOptions, object?> option, object? expected)
    {
        string key = EnvironmentNames.All.Single(known => known.Name == name).Key;
        ReliableOptions options = Settings.Read([(key, Another(key, option(Settings.ReadEnvironment(name, value))))], [(name, value)]);

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Equal(expected, option(options));
        string note = Assert.Single(options.Overridden);
        Assert.StartsWith($"'Reliable:{key}' is '", note, StringComparison.Ordinal);
        Assert.EndsWith($"in force: environment variable '{name}' stands above it.", note, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void Configure_WhenTheNameIsWrong_IsAMistakeWhateverTheSectionSays(string name, string value, Func<ReliableOptions, object?> option, object? expected)
    {
        string key = EnvironmentNames.All.Single(known => known.Name == name).Key;
        if (key.EndsWith("Users", StringComparison.Ordinal))
            return; // Any text is a list of users.
        ReliableOptions options = Settings.Read([(key, Another(key, option(Settings.ReadEnvironment(name, value))))], [(name, "nonsense")]);

        Assert.StartsWith($"Environment variable '{name}' is 'nonsense', but must be ", Assert.Single(Settings.MistakesOf(options)), StringComparison.Ordinal);
        Assert.NotEqual(expected, option(options));
    }

    [Fact]
    public void Configure_WhenTheSectionHasAnArray_SaysWhatIsInIt()
        => Assert.Equal(
            "'Reliable:Rollout:TestUsers' is 'u1,u2' in the configuration, and 'u3' in force: environment variable 'RETRY_TEST_USERS' stands above it.",
            Assert.Single(Settings.Read([("Rollout:TestUsers:0", "u1"), ("Rollout:TestUsers:1", "u2")], [("RETRY_TEST_USERS", "u3")]).Overridden));

    [Fact]
    public void Configure_WhenNameAndSectionAgree_SaysNothing()
        => Assert.Empty(Settings.Read(
            [("Retry:MaxRetries", "2"), ("Rollout:Mode", "on"), ("Transactions:Timeout", "00:01:00")],
            [("RETRY_MAX_ATTEMPTS", "2"), ("ENABLE_RETRY_LOGIC", "1"), ("TRANSACTION_TIMEOUT_MS", "60000")]).Overridden);

    // A value that the key can have, and that is neither the default nor the one at hand.
    private static string Another(string key, object? value) => key switch
    {
        "Rollout:Mode" => "Observe",
        "Rollout:TestUsers" or "Rollout:DisabledUsers" => "somebody else",
        "Retry:Backoff" => "00:00:07",
        "Transactions:Timeout" => "00:07:00",
        "Transactions:CleanupInterval" => "00:00:07",
        "Retry:EnableFallback" => "true",
        _ when key.StartsWith("Validation:Rules:", StringComparison.Ordinal) => "true",
        _ => value is 7 ? "8" : "7",
    };

    [Fact]
    public void Right_WhenRead_HasEveryName()
        => Assert.Equal(EnvironmentNames.All.Select(static name => name.Name).Order(), Right.Select(static row => row.Data.Item1).Distinct().Order());

    [Theory]
    [InlineData("ENABLE_RETRY_LOGIC", "on")]
    [InlineData("RETRY_ROLLOUT_PERCENT", "10%")]
    [InlineData("RETRY_ROLLOUT_PERCENT", "101")]
    [InlineData("RETRY_ROLLOUT_PERCENT", "-1")]
    [InlineData("RETRY_MAX_ATTEMPTS", "eleven")]
    [InlineData("RETRY_MAX_ATTEMPTS", "11")]
    [InlineData("RETRY_BACKOFF_MS", "1s,2s")]
    [InlineData("RETRY_BACKOFF_MS", "1000,,2000")]
    [InlineData("RETRY_BACKOFF_MS", "1000,-5")]
    [InlineData("RETRY_BACKOFF_MS", "99999999999")]
    [InlineData("RETRY_ENABLE_FALLBACK", "2")]
    [InlineData("TRANSACTION_TIMEOUT_MS", "00:05:00")]
    [InlineData("TRANSACTION_TIMEOUT_MS", "999")]
    [InlineData("TRANSACTION_TIMEOUT_MS", "86400001")]
    [InlineData("TRANSACTION_CLEANUP_INTERVAL_MS", "1.5")]
    [InlineData("TRANSACTION_CLEANUP_INTERVAL_MS", "99")]
    [InlineData("MIN_VALIDATION_TEXT_LENGTH", "-1")]
    [InlineData("VALIDATE_MIN_TEXT", "no")]
    [InlineData("VALIDATE_TOOL_EXPLANATION", "no")]
    [InlineData("VALIDATE_NO_TOOL_ONLY", "no")]
    [InlineData("VALIDATE_NO_EMPTY", "no")]
    [InlineData("VALIDATE_NO_WHITESPACE", "no")]
    public void Configure_WhenValueIsWrong_NamesTheVariableItsValueAndWhatIsAllowed(string name, string value)
    {
        string allowed = EnvironmentNames.All.Single(known => known.Name == name).Allowed;

        Assert.Equal($"Environment variable '{name}' is '{value}', but must be {allowed}.", Assert.Single(Settings.MistakesOf(Settings.ReadEnvironment(name, value))));
    }

    [Fact]
    public void Configure_WhenNameAndSectionAreSet_TakesTheName()
    {
        ReliableOptions options = Settings.Read(
            [("Retry:MaxRetries", "1"), ("Rollout:TestUsers:0", "of the section"), ("Rollout:Mode", "Observe"), ("Validation:Rules:MinText", "true")],
            [("RETRY_MAX_ATTEMPTS", "2"), ("RETRY_TEST_USERS", "of the environment"), ("ENABLE_RETRY_LOGIC", "true"), ("VALIDATE_MIN_TEXT", "false")]);

        Assert.Equal((2, RolloutMode.On), (options.Retry.MaxRetries, options.Rollout.Mode));
        Assert.Equal(["of the environment"], options.Rollout.TestUsers);
        Assert.Equal(ResponseRules.All & ~ResponseRules.MinText, options.Validation.Rules);
    }

    [Fact]
    public void Configure_WhenARuleIsSwitchedByName_KeepsTheSectionsOthers()
        => Assert.Equal(
            ResponseRules.NotEmpty | ResponseRules.MinText,
            Settings.Read([("Validation:Rules", "NotEmpty")], [("VALIDATE_MIN_TEXT", "true")]).Validation.Rules);

    [Fact]
    public void Configure_WhenNameAndMethodAreSet_KeepsTheMethod()
        => Assert.Equal(1, Settings.Read([("Methods:A.B:MaxRetries", "1")], [("RETRY_MAX_ATTEMPTS", "2")]).Methods["A.B"].MaxRetries);

    [Fact]
    public void Configure_WhenNameIsEmpty_TakesTheSection()
        => Assert.Equal(1, Settings.Read([("Retry:MaxRetries", "1")], [("RETRY_MAX_ATTEMPTS", "")]).Retry.MaxRetries);
}
