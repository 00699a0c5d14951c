namespace Reliable.Faults;

/// <summary>How far a store is from what callers were told.</summary>
/// <param name="Lost">Charges that callers were told are counted, and are not.</param>
/// <param name="Doubled">What is counted beyond what callers were told.</param>
/// <param name="Overshot">What is counted above limits.</param>
/// <param name="WrongAnswers">Charges that callers were told are not counted, and are; and charges nobody ever made.</param>
/// <param name="Details">The first of each kind.</param>
internal sealed record OracleReport(long Lost, long Doubled, long Overshot, long WrongAnswers, IReadOnlyList<string> Details)
{
    public bool IsClean => Lost == 0 && Doubled == 0 && Overshot == 0 && WrongAnswers == 0;

    public override string ToString()
        => $"lost {Lost}, doubled {Doubled}, overshot {Overshot}, wrong answers {WrongAnswers}. {string.Join("; ", Details)}";
}
