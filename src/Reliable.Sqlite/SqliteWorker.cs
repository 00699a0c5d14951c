using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Reliable.Sqlite;

/// <summary>
/// A thread that does one thing after the other on a session of its own. The session is opened when it is first needed, and anew after an error of SQLite,
/// so that a damaged handle or a half-read statement does not outlive it.
/// </summary>
internal sealed class SqliteWorker<TSession> : IAsyncDisposable
    where TSession : class, IDisposable
{
    private readonly BlockingCollection<Work> _queue = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TSession> _open;
    private TSession? _session;
    private bool _isDisposed;

    public SqliteWorker(string name, Func<TSession> open)
    {
        _open = open;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    public Task RunAsync(Action<TSession> work, CancellationToken cancellationToken)
        => RunAsync(session =>
        {
            work(session);
            return true;
        }, cancellationToken);

    /// <summary>Queues work. Cancellation ends the wait; work that has begun is finished all the same.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<TSession, TResult> work, CancellationToken cancellationToken)
    {
        var item = new Work<TResult>(work, cancellationToken);
        try
        {
            _queue.Add(item, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteUsageStore));
        }

        return await item.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes what is queued and closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
            _queue.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        foreach (Work work in _queue.GetConsumingEnumerable())
        {
            if (!work.TryRun(() => _session ??= _open()))
                CloseSession();
        }

        CloseSession();
        _queue.Dispose();
        _ended.SetResult();
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }

    private abstract class Work
    {
        /// <summary><see langword="false"/> when the session should not be used again.</summary>
        public abstract bool TryRun(Func<TSession> session);
    }

    private sealed class Work<TResult>(Func<TSession, TResult> work, CancellationToken cancellationToken) : Work
    {
        private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TResult> Task => _completion.Task;

        public override bool TryRun(Func<TSession> session)
        {
            if (cancellationToken.IsCancellationRequested)
                return _completion.TrySetCanceled(cancellationToken);
            try
            {
                return _completion.TrySetResult(work(session()));
            }
            catch (Exception e)
            {
                _completion.SetException(e);

                // The one who waits may have gone: then nobody else will look at the error.
                _ = _completion.Task.Exception;
                return e is not SqliteException;
            }
        }
    }
}
