namespace Reliable.Usage;

/// <summary>A store's clock.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Day">Its day in the time zone asked for.</param>
public readonly record struct StoreClock(DateTimeOffset Now, DateOnly Day);
