namespace Reliable;

/// <summary>Whether Reliable acts.</summary>
public enum RolloutMode
{
    /// <summary>The counter moves at once, the method runs once, nothing is validated or retried: as before Reliable.</summary>
    Off = 0,

    /// <summary>As <see cref="Off"/>, and the verdict is logged and measured.</summary>
    Observe = 1,

    /// <summary>Reliable acts, for the users and models that the other rollout settings let in.</summary>
    On = 2,
}
