namespace Reliable.Transactions;

public sealed class SharedTermsTests
{
    private static readonly DateOnly s_day = new(2026, 3, 10);
    private static readonly DateTimeOffset s_resetsAt = new(2026, 3, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly SharedTerms _shared = new();

    [Fact]
    public void Of_WhenTheReadingSaysWhatIsKnown_KeepsTheObject()
    {
        QuotaTerms known = _shared.Of(null, true, 10, s_day, s_resetsAt, 5_000);
        _shared.Of(null, true, 20, s_day, s_resetsAt, 5_000);

        Assert.Same(known, _shared.Of(known, true, 10, s_day, s_resetsAt, 5_000));
    }

    [Fact]
    public void Of_WhenAnotherUserHasTheSame_SharesTheObject()
        => Assert.Same(_shared.Of(null, true, null, s_day, s_resetsAt, 5_000), _shared.Of(null, true, null, s_day, s_resetsAt, 5_000));

    [Theory]
    [InlineData(false, 10, 0, 0)] // the user is gone
    [InlineData(true, 11, 0, 0)] // another limit
    [InlineData(true, null, 0, 0)] // none
    [InlineData(true, 10, 1, 0)] // another day
    [InlineData(true, 10, 0, 1)] // which ends at another time
    public void Of_WhenTheReadingSaysSomethingElse_TakesIt(bool exists, int? limit, int days, int hours)
    {
        QuotaTerms known = _shared.Of(null, true, 10, s_day, s_resetsAt, 5_000);

        QuotaTerms terms = _shared.Of(known, exists, limit, s_day.AddDays(days), s_resetsAt.AddHours(hours), 5_000);

        Assert.Equal(new QuotaTerms(exists, limit, s_day.AddDays(days), s_resetsAt.AddHours(hours), 5_000), terms);
    }

    // By this process's clock the same midnight is as late as the reply was. What is kept never ends after it.
    [Theory]
    [InlineData(5_000, 5_000)]
    [InlineData(5_999, 5_000)]
    [InlineData(6_000, 6_000)]
    [InlineData(4_999, 4_999)]
    public void Of_WhenTheReplyTookAnotherTime_NeverEndsLater(long resetsAtMs, long expected)
    {
        QuotaTerms known = _shared.Of(null, true, 10, s_day, s_resetsAt, 5_000);

        Assert.Equal(expected, _shared.Of(known, true, 10, s_day, s_resetsAt, resetsAtMs).ResetsAtMs);
    }
}
