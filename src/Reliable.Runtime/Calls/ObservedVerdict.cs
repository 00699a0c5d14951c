namespace Reliable.Calls;

/// <summary>What Reliable would have done with a call that it only observes.</summary>
internal enum ObservedVerdict
{
    /// <summary>Return the answer and charge it: no difference.</summary>
    Accepted = 0,

    /// <summary>Try again, and charge the good answer that may come of it instead of this one.</summary>
    Retried,

    /// <summary>Fail, for the answer is not valid and nothing is left to try.</summary>
    Rejected,

    /// <summary>Return the model's refusal as it is, and not charge it.</summary>
    Refused,

    /// <summary>Fail as it did, and not charge it.</summary>
    Failed,

    /// <summary>Not charge it: its reader left before a valid answer.</summary>
    Left,
}
