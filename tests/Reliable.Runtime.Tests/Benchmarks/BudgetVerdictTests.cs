namespace Reliable.Benchmarks.Budget;

public sealed class BudgetVerdictTests
{
    private const string Known = "1,000 users";
    private const string New = "a new user for every call";

    private readonly BudgetVerdict _verdict = new();

    [Theory]
    [InlineData(27.0, true)]
    [InlineData(27.001, false)]
    [InlineData(double.NaN, false)] // no call was answered
    public void Whole_WhenAt64Callers_IsJudgedForAnyUsers(double p99Ms, bool isWithin)
    {
        _verdict.Whole(64, Known, p99Ms: 6, budgetMs: 27);
        _verdict.Whole(64, New, p99Ms, budgetMs: 27);

        Assert.Equal(isWithin, _verdict.IsWithin);
    }

    [Theory]
    [InlineData(true, 5.0, true)]
    [InlineData(true, 5.1, false)]
    [InlineData(false, 9.7, true)] // who has to be read first may take of the other phases' time
    public void Phase_WhenAt64Callers_IsJudgedForKnownUsers(bool areKnown, double p99Ms, bool isWithin)
    {
        _verdict.Phase("begin", 64, areKnown ? Known : New, areKnown, p99Ms, budgetMs: 5);
        _verdict.Whole(64, Known, p99Ms, budgetMs: 27);

        Assert.Equal(isWithin, _verdict.IsWithin);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public void Whole_WhenAtOtherNumbersOfCallers_IsNotJudged(int callers)
    {
        _verdict.Whole(64, Known, p99Ms: 6, budgetMs: 27);
        _verdict.Whole(callers, New, p99Ms: 57, budgetMs: 27);

        Assert.True(_verdict.IsWithin);
    }

    [Fact]
    public void IsWithin_WhenNothingWasJudged_IsFalse()
    {
        _verdict.Whole(1, Known, p99Ms: 6, budgetMs: 27);

        Assert.False(_verdict.IsWithin);
        Assert.Equal("Not judged: 64 callers were not among those measured", _verdict.ToString());
    }

    [Fact]
    public void ToString_WhenOver_NamesWhatAndByHowMuch()
    {
        _verdict.Phase("commit", 64, Known, areKnown: true, p99Ms: 20.44, budgetMs: 20);
        _verdict.Whole(64, New, p99Ms: 30.5, budgetMs: 27);

        Assert.Equal(
            "Over the budget at 64 callers: commit, 1,000 users: 20.4 of 20 ms; the whole call, a new user for every call: 30.5 of 27 ms", _verdict.ToString());
    }
}
