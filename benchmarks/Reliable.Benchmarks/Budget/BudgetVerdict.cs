using System.Globalization;

namespace Reliable.Benchmarks.Budget;

/// <summary>
/// What the exit code goes by: at 64 callers no call may take longer than all of the budget at its 99th percentile, whoever the users are; and where they are
/// known, as users are who are served, no phase longer than its own part of it.
/// </summary>
internal sealed class BudgetVerdict
{
    /// <summary>How many callers at once are judged.</summary>
    public const int Callers = 64;

    private readonly List<string> _over = [];
    private int _judged;

    /// <summary>Whether something was judged and nothing of it was over.</summary>
    public bool IsWithin => _judged > 0 && _over.Count == 0;

    /// <summary>Judges a phase of the calls of one load.</summary>
    public void Phase(string name, int callers, string users, bool areKnown, double p99Ms, double budgetMs)
    {
        if (areKnown)
            Judge(name, callers, users, p99Ms, budgetMs);
    }

    /// <summary>Judges the whole of the calls of one load.</summary>
    public void Whole(int callers, string users, double p99Ms, double budgetMs) => Judge("the whole call", callers, users, p99Ms, budgetMs);

    public override string ToString()
        => _judged == 0 ? $"Not judged: {Callers} callers were not among those measured"
            : _over.Count == 0 ? $"Within the budget at {Callers} callers"
            : $"Over the budget at {Callers} callers: {string.Join("; ", _over)}";

    private void Judge(string name, int callers, string users, double p99Ms, double budgetMs)
    {
        if (callers != Callers)
            return;

        _judged++;

        // Said this way round, a load that got no answer, and has no percentile, is over.
        if (!(p99Ms <= budgetMs))
            _over.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, {users}: {p99Ms:0.0} of {budgetMs:0} ms"));
    }
}
