using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// A charge between its caller and the store. The caller waits for it until the store has answered or the wait is over, whichever wins one
/// compare-and-swap; the charge itself goes on in any case.
/// </summary>
internal sealed class PendingCharge : IValueTaskSource<CommitResult>
{
    private const long Waiting = 0;
    private const long Completed = 1;
    private const long Detached = 2;
    private const long Pooled = 3;
    private const long StateMask = 3;
    private const long NextVersion = 4;

    private static readonly ConcurrentQueue<PendingCharge> s_pool = new();

    private ManualResetValueTaskSourceCore<CommitResult> _core;

    // Version and state in one word: a watcher that read an object before it was reused cannot detach its next user, nor one that is nobody's.
    private long _word = Pooled;
    private long _enqueuedMs;

    private PendingCharge()
    {
    }

    public Charge Charge { get; private set; }

    public Quota Quota { get; private set; } = null!;

    /// <summary>The store's day when the charge was first tried without success; <see langword="null"/> until then.</summary>
    public DateOnly? FirstTriedOn { get; set; }

    /// <summary>Whether it was sent before: the store may know it, though it did not say so.</summary>
    public bool WasTried { get; private set; }

    /// <summary>Whether the answer has left: then the charge is counted in any case, also above the limit.</summary>
    public bool HasLeft => (Volatile.Read(ref _word) & StateMask) == Detached;

    /// <summary>A charge whose caller waits.</summary>
    public static PendingCharge Rent(
        Charge charge, Quota quota, long nowMs, TaskCreationOptions continuations = TaskCreationOptions.RunContinuationsAsynchronously)
    {
        if (!s_pool.TryDequeue(out PendingCharge? pending))
        {
            pending = new PendingCharge();
        }

        pending.Charge = charge;
        pending.Quota = quota;
        pending._enqueuedMs = nowMs;
        pending._core.RunContinuationsAsynchronously = continuations == TaskCreationOptions.RunContinuationsAsynchronously;

        // Last: who sees it waiting sees the charge as well.
        Volatile.Write(ref pending._word, pending._word & ~StateMask);
        return pending;
    }

    /// <summary>A charge nobody waits for: its answer has left.</summary>
    public static PendingCharge CreateDetached(Charge charge, Quota quota, DateOnly? firstTriedOn)
        => new() { Charge = charge, Quota = quota, FirstTriedOn = firstTriedOn, _word = Detached };

    public ValueTask<CommitResult> AsValueTask() => new(this, _core.Version);

    /// <summary>A try without success.</summary>
    /// <param name="today">The store's day, as far as it is known.</param>
    public void MarkTried(DateOnly? today)
    {
        FirstTriedOn ??= today;
        WasTried = true;
    }

    /// <summary>Gives the caller the store's answer; <see langword="false"/> when the caller has left.</summary>
    public bool TryComplete(CommitResult result)
    {
        if (!TryClaim())
        {
            return false;
        }

        Answer(result, onThisThread: false);
        return true;
    }

    /// <summary>Takes the right to answer the caller; <see langword="false"/> when the caller has left.</summary>
    public bool TryClaim() => TryEnd(Volatile.Read(ref _word));

    /// <summary>Answers the caller after <see cref="TryClaim"/> won.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="onThisThread">Whether what the caller does next runs here, before this returns.</param>
    public void Answer(CommitResult result, bool onThisThread)
    {
        if (onThisThread)
        {
            _core.RunContinuationsAsynchronously = false;
        }

        _core.SetResult(result);
    }

    /// <summary>Tells the caller that its charge can be kept nowhere; <see langword="false"/> when the store's answer won, or the caller has left.</summary>
    /// <param name="word">The word that <see cref="IsOverdue"/> saw.</param>
    /// <param name="exception">What the caller is told.</param>
    public bool TryFail(long word, Exception exception)
    {
        if (!TryEnd(word))
        {
            return false;
        }

        _core.SetException(exception);
        return true;
    }

    /// <summary>Whether a caller has waited longer than it may, and is still waiting.</summary>
    public bool IsOverdue(long nowMs, long timeoutMs, out long word)
    {
        word = Volatile.Read(ref _word);
        return (word & StateMask) == Waiting && nowMs - _enqueuedMs >= timeoutMs;
    }

    /// <summary>Whether nothing happened since <see cref="IsOverdue"/> saw the word: then what was read in between belongs together.</summary>
    public bool IsStill(long word) => Volatile.Read(ref _word) == word;

    /// <summary>Lets the caller go; <see langword="false"/> when the store's answer won.</summary>
    /// <param name="word">The word that <see cref="IsOverdue"/> saw.</param>
    public bool TryDetach(long word) => Interlocked.CompareExchange(ref _word, word | Detached, word) == word;

    /// <summary>Whether <see cref="TryDetach"/> has won with this word before.</summary>
    public bool IsDetachedSince(long word) => Volatile.Read(ref _word) == (word | Detached);

    /// <summary>Wakes the caller after <see cref="TryDetach"/> won and the charge is safe.</summary>
    public void LetGo() => Answer(new CommitResult(CommitStatus.Deferred), onThisThread: false);

    CommitResult IValueTaskSource<CommitResult>.GetResult(short token)
    {
        CommitResult result = _core.GetResult(token);

        // A detached charge still belongs to the committer, and is left to the garbage collector.
        if (!HasLeft)
        {
            Recycle();
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<CommitResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<CommitResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    private bool TryEnd(long word)
        => (word & StateMask) == Waiting && Interlocked.CompareExchange(ref _word, word | Completed, word) == word;

    private void Recycle()
    {
        Charge = default;
        Quota = null!;
        FirstTriedOn = null;
        WasTried = false;
        _core.Reset();
        Volatile.Write(ref _word, ((_word & ~StateMask) + NextVersion) | Pooled);
        s_pool.Enqueue(this);
    }
}
