namespace Reliable.Streaming;

/// <summary>Is told that a wait has ended: by a call, where a continuation would cost a state machine for every update.</summary>
internal interface IStreamWaiter
{
    /// <summary>
    /// The step can be taken. Called once for each wait, on whichever thread ended it and in that thread's execution context; possibly before the call that
    /// began the wait has returned.
    /// </summary>
    void OnStep();
}
