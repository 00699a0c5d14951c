namespace Reliable.Postgres;

/// <summary>The finished statements of one table of counters.</summary>
/// <param name="counter">The counter it holds, or <see langword="null"/> when it holds all of them.</param>
/// <param name="key">How its users are identified.</param>
/// <param name="shape">The table.</param>
internal sealed class CounterStatements(string? counter, KeyKind key, CounterShape shape)
{
    public string? Counter { get; } = counter;

    public KeyKind Key { get; } = key;

    public CounterShape Shape { get; } = shape;

    /// <summary>What is locked. Two counters in one table share a lock, which must be taken once, for the users of both, or its order would be lost.</summary>
    public string LockTarget { get; } = shape.Lock;

    public string CountNew { get; } = PostgresSql.CountNew(shape);

    public string CountOne { get; } = PostgresSql.CountOne(shape);

    public string Apply { get; } = PostgresSql.Apply(shape, mixedAmounts: false);

    public string ApplyMixed { get; } = PostgresSql.Apply(shape, mixedAmounts: true);

    public string Held { get; } = PostgresSql.Held(shape);

    public string Refund { get; } = PostgresSql.Refund(shape);

    public string Read { get; } = PostgresSql.Read(shape);
}
