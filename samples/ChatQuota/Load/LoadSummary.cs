namespace ChatQuota.Load;

/// <summary>What came of a run.</summary>
internal sealed class LoadSummary
{
    private static readonly int[] s_expected =
    [
        StatusCodes.Status200OK, StatusCodes.Status502BadGateway, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests,
    ];

    public LoadSummary(LoadPlan plan, IReadOnlyCollection<CallResult> results, IReadOnlyList<long> counters, TimeSpan duration)
    {
        Calls = results.Count;
        Good = results.Count(static result => result.Status == StatusCodes.Status200OK);
        Retried = results.Count(static result => result.Attempts > 1);
        Rescued = results.Count(static result => result is { Status: StatusCodes.Status200OK, Fallback: true });
        GivenUp = results.Count(static result => result.Status == StatusCodes.Status502BadGateway);
        Refused = results.Count(static result => result.Status == StatusCodes.Status422UnprocessableEntity);
        Denied = results.Count(static result => result.Status == StatusCodes.Status429TooManyRequests);
        Broken = results.Count - Good - GivenUp - Refused - Denied;
        BrokenStatuses = results.Select(static result => result.Status).Distinct().Except(s_expected).Order().ToList();
        GoodAtOnce = results.Count(static result => result is { Status: StatusCodes.Status200OK, Attempts: 1 });
        Attempts = results.Sum(static result => (long)result.Attempts);
        Counted = counters.Sum();
        Limit = plan.EffectiveLimit;
        HighestCounter = counters.Max();
        PlainCounter = results.CountBy(static result => result.UserId).Sum(user => (long)Math.Min(user.Value, Limit));
        Duration = duration;
    }

    public int Calls { get; }

    /// <summary>HTTP 200.</summary>
    public int Good { get; }

    /// <summary>Calls for which the model was asked more than once, however they ended.</summary>
    public int Retried { get; }

    /// <summary>Good answers that the fallback gave.</summary>
    public int Rescued { get; }

    /// <summary>HTTP 502.</summary>
    public int GivenUp { get; }

    /// <summary>HTTP 422: the model's content filter.</summary>
    public int Refused { get; }

    /// <summary>HTTP 429: the quota.</summary>
    public int Denied { get; }

    /// <summary>Anything else, which there should not be.</summary>
    public int Broken { get; }

    /// <summary>The statuses of these; 0 stands for no reply.</summary>
    public IReadOnlyList<int> BrokenStatuses { get; }

    /// <summary>Good answers to the first attempt.</summary>
    public int GoodAtOnce { get; }

    /// <summary>How often the model was asked, as the API tells it.</summary>
    public long Attempts { get; }

    /// <summary>The sum of all counters in the database.</summary>
    public long Counted { get; }

    public int Limit { get; }

    public long HighestCounter { get; }

    /// <summary>What a counter that moves with each call it lets through would stand at, without retries and without a look at the answer.</summary>
    public long PlainCounter { get; }

    public TimeSpan Duration { get; }

    /// <summary>Whether each good answer was counted once and nothing else was, within every limit.</summary>
    public bool IsExact => Counted == Good && HighestCounter <= Limit && Broken == 0;
}
