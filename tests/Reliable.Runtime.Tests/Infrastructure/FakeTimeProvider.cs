namespace Reliable.Infrastructure;

/// <summary>Time that stands still until a test moves it. Timers fire on the thread that moves it, each at its own moment.</summary>
internal sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private long _elapsed;
    private long _shift;

    public FakeTimeProvider()
        : this(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public FakeTimeProvider(DateTimeOffset start) => _start = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far time was moved, in whole milliseconds.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Interlocked.Read(ref _elapsed) / TimeSpan.TicksPerMillisecond);

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Interlocked.Read(ref _elapsed) + Interlocked.Read(ref _shift));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the wall clock alone, as an administrator would; timers and timestamps do not notice.</summary>
    public void ShiftWallClock(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public void Advance(TimeSpan by)
    {
        long target = Interlocked.Read(ref _elapsed) + by.Ticks;
        while (FireNext(target))
        {
        }

        Interlocked.Exchange(ref _elapsed, target);
    }

    /// <summary>Goes on when time moves at all: an asynchronous step that stays on the test's thread.</summary>
    public Task Pause()
    {
        var pause = new TaskCompletionSource();
        CreateTimer(static state => ((TaskCompletionSource)state!).SetResult(), pause, TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
        return pause.Task;
    }

    /// <summary>Moves to the next timer that is due within the given time, and fires it.</summary>
    public bool AdvanceToNextTimer(TimeSpan within) => FireNext(Interlocked.Read(ref _elapsed) + within.Ticks);

    /// <summary>Moves time from timer to timer until the task has ended.</summary>
    public async Task<T> DriveAsync<T>(Task<T> task)
    {
        await DriveAsync((Task)task);
        return await task;
    }

    public async Task DriveAsync(Task task)
    {
        long since = Environment.TickCount64;
        for (int i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < 1_000 || Environment.TickCount64 - since < 20_000, "The task does not end, however far time goes.");
            if (!AdvanceToNextTimer(TimeSpan.FromHours(1)) || i > 100)
            {
                // Whatever is under way is on another thread.
                await Task.WhenAny(task, Task.Delay(1));
            }
        }
    }

    private bool FireNext(long target)
    {
        FakeTimer? next;
        lock (_lock)
        {
            next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            if (next is null)
            {
                return false;
            }

            Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, next.Due));
            if (next.Period > 0)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }
        }

        next.Callback(next.State);
        return true;
    }

    private sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _isDisposed;

        public TimerCallback Callback { get; } = callback;

        public object? State { get; } = state;

        public long Due { get; set; }

        public long Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (_isDisposed)
                {
                    return false;
                }

                Period = period > TimeSpan.Zero ? period.Ticks : 0;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._elapsed + dueTime.Ticks;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _isDisposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
