namespace Reliable.Faults;

/// <summary>A wall clock that is wrong, and goes wrong in another way when a test says so; timers and timestamps are right.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
