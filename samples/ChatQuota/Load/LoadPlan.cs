namespace ChatQuota.Load;

/// <summary>What the main job does.</summary>
/// <param name="Calls">How many questions are asked.</param>
/// <param name="Concurrency">How many are under way at once.</param>
/// <param name="Users">How many users ask them.</param>
/// <param name="Seed">Decides which user asks what, and how the simulated model misbehaves.</param>
/// <param name="Limit">The daily limit of each user; <see langword="null"/> for one that no user can reach.</param>
internal sealed record LoadPlan(
    int Calls = LoadPlan.DefaultCalls,
    int Concurrency = LoadPlan.DefaultConcurrency,
    int Users = LoadPlan.DefaultUsers,
    int Seed = LoadPlan.DefaultSeed,
    int? Limit = null)
{
    public const int DefaultCalls = 1_000;
    public const int DefaultConcurrency = 32;
    public const int DefaultUsers = 40;
    public const int DefaultSeed = 1;

    /// <summary>The limit that is configured.</summary>
    public int EffectiveLimit => Limit ?? Calls;
}
