namespace Reliable.CommitLoad.Load;

/// <summary>What one contender did in one round.</summary>
/// <param name="PerSecond">Commits acknowledged per second.</param>
/// <param name="P50">Half of them took at most so many milliseconds.</param>
/// <param name="P99">99 of 100 took at most so many milliseconds.</param>
/// <param name="Max">The slowest, in milliseconds.</param>
/// <param name="Bytes">Bytes allocated for each.</param>
/// <param name="CpuMicroseconds">Processor time of this process for each.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99, double Max, double Bytes, double CpuMicroseconds);
