namespace Reliable;

/// <summary>
/// Counts a call against its user's daily quota: reserved before the model is called, committed exactly once when the answer is good,
/// and given back otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class UsageTransactionAttribute : Attribute
{
    /// <summary>The name of the counter. Default: <c>"requests"</c>.</summary>
    public string Counter { get; set; } = "requests";

    /// <summary>How much one good answer adds to the counter: 1 or more. Default: 1.</summary>
    public int Amount { get; set; } = 1;
}
