namespace Reliable;

/// <summary>What can be said of an answer that is still being written.</summary>
public enum StreamVerdict
{
    /// <summary>Not yet: its beginning is held back, and so is the next update.</summary>
    Undecided = 0,

    /// <summary>Good so far: if it ended here it would be valid. What is held is passed on.</summary>
    Valid,

    /// <summary>Whatever may follow cannot make it valid: the attempt ends here, and the update is not passed on.</summary>
    Invalid,
}
