namespace Reliable;

/// <summary>What happens when an answer has not proved itself within the limits of the hold.</summary>
public enum HoldExceededAction
{
    /// <summary>What is held is passed on, and so is what follows. The answer is judged to its end all the same, and charged only if it turns out valid.</summary>
    Release = 0,

    /// <summary>The attempt has failed, and the next one begins.</summary>
    GiveUp,
}
