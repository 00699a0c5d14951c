namespace Reliable;

/// <summary>How streamed answers are held back until they are proved valid.</summary>
public sealed class StreamingOptions
{
    /// <summary>The longest time updates are held back. Default: 10 s.</summary>
    public TimeSpan MaxHold { get; set; } = TimeSpan.FromSeconds(10);
}
