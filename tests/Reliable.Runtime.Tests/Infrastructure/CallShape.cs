namespace Reliable.Infrastructure;

/// <summary>The forms in which generated code calls.</summary>
public enum CallShape
{
    TaskAtOnce,

    /// <summary>The quota is known, so that the call can end where it began.</summary>
    TaskAtOnceWarm,
    TaskLater,
    ValueTaskAtOnce,
    ValueTaskAtOnceWarm,
    ValueTaskLater,
}
