using System.Globalization;
using Reliable.Calls;
using Reliable.Infrastructure;
using Reliable.Retry;

namespace Reliable.Configuration;

public sealed class PresetTests
{
    [Theory]
    [InlineData("Conservative", 2, "0.5|1", false)]
    [InlineData("Production", 3, "1|2|4", true)]
    [InlineData("aggressive", 5, "1|2|4|8|16", true)]
    public void Preset_WhenItIsNamed_SetsWhatBelongsToIt(string preset, int maxRetries, string backoff, bool fallback)
    {
        ReliableOptions options = Settings.Read(("Preset", preset));

        Assert.Empty(Settings.MistakesOf(options));
        Assert.Empty(options.Strays);
        Assert.Equal((maxRetries, backoff, fallback), Of(options));
    }

    [Fact]
    public void Preset_WhenItIsNotNamed_IsProduction()
        => Assert.Equal((ReliablePreset.Production, (3, "1|2|4", true)), (new ReliableOptions().Preset, Of(new ReliableOptions())));

    [Fact]
    public void Preset_WhenItIsUnknown_NamesThoseThereAre()
        => Assert.Equal(
            "'Reliable:Preset' is 'Careful', but must be one of Production, Conservative, Aggressive.", Assert.Single(Settings.MistakesOf(("Preset", "Careful"))));

    [Fact]
    public void Preset_WhenCodeSetsAnUndefinedOne_IsAMistake()
        => Assert.StartsWith("'Reliable:Preset' is '9'", Assert.Single(Settings.MistakesOf(new ReliableOptions { Preset = (ReliablePreset)9 })), StringComparison.Ordinal);

    [Fact]
    public void Preset_WhenSingleKeysAreSet_LetsThemWin()
    {
        Assert.Equal((7, "0.5|1", false), Of(Settings.Read(("Preset", "Conservative"), ("Retry:MaxRetries", "7"))));
        Assert.Equal((2, "3", false), Of(Settings.Read(("Preset", "Conservative"), ("Retry:Backoff", "00:00:03"))));
        Assert.Equal((2, "0.5|1", true), Of(Settings.Read(("Preset", "Conservative"), ("Retry:EnableFallback", "true"))));
    }

    [Fact]
    public void Preset_WhenEnvironmentNamesAreSet_LetsThemWin()
        => Assert.Equal(
            (1, "0.25", true),
            Of(Settings.Read([("Preset", "Conservative")], [("RETRY_MAX_ATTEMPTS", "1"), ("RETRY_BACKOFF_MS", "250"), ("RETRY_ENABLE_FALLBACK", "true")])));

    [Fact]
    public void Preset_WhenAMethodHasKeysOfItsOwn_LetsThemWinForThatMethodOnly()
    {
        ReliableOptions options = Settings.Read(("Preset", "Aggressive"), ("Methods:A.B:Retry:MaxRetries", "1"));

        Assert.Equal(1, RetrySettings.Resolve(new RetryAttribute(), options.Methods["A.B"], options.Retry).MaxRetries);
        Assert.Equal(5, RetrySettings.Resolve(new RetryAttribute(), null, options.Retry).MaxRetries);
        Assert.Equal(5, RetrySettings.Resolve(new RetryAttribute(), options.Methods["A.B"], options.Retry).Backoff.Length);
    }

    [Fact]
    public void Preset_WhenAnAttributeSetsAValue_LetsItWin()
    {
        ReliableOptions options = Settings.Read(("Preset", "Conservative"));
        RetrySettings settings = RetrySettings.Resolve(new RetryAttribute { MaxRetries = 4 }, null, options.Retry);

        Assert.Equal((4, 2, false), (settings.MaxRetries, settings.Backoff.Length, settings.EnableFallback));
    }

    [Fact]
    public void Preset_WhenCodeSetsItBeforeOrAfterSingleValues_ComesToTheSame()
    {
        var before = new ReliableOptions { Preset = ReliablePreset.Aggressive };
        before.Retry.MaxRetries = 4;
        before.Retry.Backoff = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];
        var after = new ReliableOptions();
        after.Retry.MaxRetries = 4;
        after.Retry.Backoff = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];
        after.Preset = ReliablePreset.Aggressive;

        Assert.Equal((4, "1|2|4", true), Of(before));
        Assert.Equal((4, "1|2|4", true), Of(after));
    }

    [Fact]
    public void Preset_WhenDelaysWereOnlyLookedAt_ReplacesThem()
    {
        var options = new ReliableOptions();
        Assert.Equal(3, options.Retry.Backoff.Count);

        options.Preset = ReliablePreset.Conservative;
        Assert.Equal((2, "0.5|1", false), Of(options));
        options.Preset = ReliablePreset.Aggressive;
        Assert.Equal((5, "1|2|4|8|16", true), Of(options));
    }

    [Fact]
    public void Preset_WhenADelayWasChangedInPlace_KeepsTheList()
    {
        var options = new ReliableOptions();
        options.Retry.Backoff[0] = TimeSpan.FromSeconds(9);
        options.Preset = ReliablePreset.Conservative;

        Assert.Equal((2, "9|2|4", false), Of(options));
    }

    [Fact]
    public void Preset_WhenTwoOptionsAreMade_SharesNoList()
    {
        var changed = new ReliableOptions { Preset = ReliablePreset.Conservative };
        changed.Retry.Backoff.Clear();

        Assert.Equal((2, "0.5|1", false), Of(new ReliableOptions { Preset = ReliablePreset.Conservative }));
    }

    [Fact]
    public void Warnings_WhenThePresetIsAggressive_NameTheTotalAndNothingElse()
        => Assert.StartsWith("'Reliable:Retry:Backoff' adds up to 31 s", Assert.Single(OptionsChecker.Warnings(Settings.Read(("Preset", "Aggressive")))), StringComparison.Ordinal);

    [Theory]
    [InlineData(ReliablePreset.Conservative, 3)]
    [InlineData(ReliablePreset.Aggressive, 7)]
    public async Task Call_WhenItNeverSucceeds_IsTriedAsOftenAsThePresetSays(ReliablePreset preset, int attempts)
    {
        await using var harness = new RuntimeHarness(o => (o.Preset, o.Retry.Backoff) = (preset, [TimeSpan.Zero]));
        var model = new ScriptedModel<string>().Answers("");
        var assistant = new Assistant<string>(harness.Runtime, CallPolicy.Create(Policies.Operation, new RetryAttribute(), new ValidateResponseAttribute()), model, model);

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(attempts, model.Calls);
    }

    private static (int MaxRetries, string Backoff, bool EnableFallback) Of(ReliableOptions options)
        => (options.Retry.MaxRetries,
            string.Join('|', options.Retry.Backoff.Select(static delay => delay.TotalSeconds.ToString(CultureInfo.InvariantCulture))),
            options.Retry.EnableFallback);
}
