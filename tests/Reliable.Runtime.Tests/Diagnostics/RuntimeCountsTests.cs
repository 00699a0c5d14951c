using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

public sealed class RuntimeCountsTests
{
    [Fact]
    public void Of_WhenNoModelIsNamed_IsTheSameEachTime()
    {
        var counts = new RuntimeCounts();

        Assert.Same(counts.Unnamed, counts.Of(null));
        Assert.Empty(counts.Models);
    }

    [Fact]
    public void Of_WhenAModelIsNamedByAnotherString_FindsTheSame()
    {
        var counts = new RuntimeCounts();

        Assert.Same(counts.Of("gpt-x"), counts.Of(new string("gpt-x".AsSpan())));
        Assert.Equal("gpt-x", Assert.Single(counts.Models).Model);
    }

    [Fact]
    public void Of_WhenModelsAreMoreThanMayBe_CountsTheRestTogether()
    {
        var counts = new RuntimeCounts();
        for (int i = 0; i < RuntimeCounts.MaxModels + 100; i++)
        {
            counts.Of($"model-{i}").Add(CallOutcome.Success);
        }

        Assert.Equal(RuntimeCounts.MaxModels + 1, counts.Models.Count);
        var sum = new long[CallCounts.Size];
        counts.Of(RuntimeCounts.OtherModels).AddTo(sum);
        Assert.Equal(100, sum[(int)CallOutcome.Success]);
    }

    [Fact]
    public void Read_WhenCallsSettledInOne_AddsThemToBoth()
    {
        var counts = new RuntimeCounts();
        counts.Of(null).Add(CallCounts.Settled);
        counts.Of("gpt-x").Add(CallCounts.Settled, 2);
        counts.Of("gpt-x").Add(CallOutcome.Success);
        counts.Add(RuntimeCounts.Committed, 4);

        var sum = new long[CallCounts.Size];
        counts.ReadCalls(sum);
        Assert.Equal(4, sum[(int)CallOutcome.Success]);
        Assert.Equal(7, counts.Read(RuntimeCounts.Committed));
        Assert.Equal(0, counts.Read(RuntimeCounts.RolledBack));
    }

    [Fact]
    public void Add_WhenManyThreadsCount_LosesNothing()
    {
        var counts = new RuntimeCounts();
        void Count(int thread, int round)
        {
            for (int i = 0; i < 20_000; i++)
            {
                counts.Of(thread % 2 == 0 ? "even" : null).Add(CallOutcome.Success);
                counts.Of("both").Add(RejectionReason.Custom);
                counts.Add(RuntimeCounts.Committed);
            }
        }

        Race.Run(threads: 8, rounds: 1, static _ => { }, Count, static _ => { });

        var sum = new long[CallCounts.Size];
        counts.ReadCalls(sum);
        Assert.Equal(160_000, sum[(int)CallOutcome.Success]);
        Assert.Equal(160_000, sum[CallCounts.FirstRejection + (int)RejectionReason.Custom]);
        Assert.Equal(160_000, counts.Read(RuntimeCounts.Committed));
    }

    [Fact]
    public void Add_WhenTheModelIsKnown_AllocatesNothing()
    {
        var counts = new RuntimeCounts();
        counts.Of("gpt-x").Add(CallOutcome.Success);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            counts.Of("gpt-x").Add(CallOutcome.Success);
            counts.Of(null).Add(CallOutcome.Success);
            counts.Add(RuntimeCounts.Committed);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
