namespace Reliable.Usage;

/// <summary>
/// Lets callers go who have waited too long. It looks around as long as anybody waits, and once more; then it rests. To set and stop the timer for each charge
/// would cost a caller who is alone more than most of what is done for him.
/// </summary>
internal sealed class CallerWatch : IAsyncDisposable
{
    private const long ShortestPeriodMs = 5;

    private readonly ChargeQueue _queue;
    private readonly CallerRelease _release;
    private readonly Func<CommitterSettings> _settings;
    private readonly ITimer _timer;
    private readonly Lock _changing = new();
    private bool _isOn;

    public CallerWatch(ChargeQueue queue, CallerRelease release, Func<CommitterSettings> settings, TimeProvider time)
    {
        _queue = queue;
        _release = release;
        _settings = settings;
        _timer = time.CreateTimer(static state => ((CallerWatch)state!).LookAround(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be called after something was added to the queue.</summary>
    public void Start()
    {
        if (Volatile.Read(ref _isOn))
            return;
        lock (_changing)
        {
            if (!_isOn)
            {
                _isOn = true;
                SetTimer();
            }
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void LookAround()
    {
        try
        {
            _release.LetOverdueGo(_settings().CommitTimeoutMs);
        }
        finally
        {
            lock (_changing)
            {
                // Off before the queue is looked at: who has added to it and found the watch on is seen here.
                Volatile.Write(ref _isOn, false);
                Interlocked.MemoryBarrier();
                if (_queue.Count > 0)
                {
                    _isOn = true;
                    SetTimer();
                }
            }
        }
    }

    private void SetTimer()
        => _timer.Change(TimeSpan.FromMilliseconds(Math.Max(ShortestPeriodMs, _settings().CommitTimeoutMs / 8)), Timeout.InfiniteTimeSpan);
}
