namespace Reliable.Streaming;

/// <summary>
/// Hands updates to a reader while an attempt is still being opened: those that may pass during the hold, and notices of retries. Made only where there can be
/// any. One side offers, one side takes.
/// </summary>
internal sealed class Handover<T>
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _offered = new();
    private TaskCompletionSource<bool>? _reader;
    private TaskCompletionSource? _writer;
    private T? _current;
    private bool _isOver;

    /// <summary>What <see cref="NextAsync"/> found.</summary>
    public T Current => _current!;

    /// <summary>Offers an update and goes on: for notices.</summary>
    public void Offer(T update)
    {
        TaskCompletionSource<bool>? reader;
        lock (_gate)
        {
            reader = _reader;
            _reader = null;
            if (reader is null)
            {
                _offered.Enqueue(update);
            }
            else
            {
                _current = update;
            }
        }

        reader?.SetResult(true);
    }

    /// <summary>Offers an update, and goes on when the reader comes for more: nothing is read ahead for it.</summary>
    public Task OfferAsync(T update)
    {
        Task more;
        lock (_gate)
        {
            if (_isOver)
            {
                return Task.CompletedTask;
            }

            _writer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            more = _writer.Task;
        }

        Offer(update);
        return more;
    }

    /// <summary>Waits for an update; <see langword="false"/> when no more will be offered.</summary>
    public ValueTask<bool> NextAsync()
    {
        TaskCompletionSource? writer;
        Task<bool> next;
        lock (_gate)
        {
            if (_offered.TryDequeue(out _current))
            {
                return new(true);
            }

            if (_isOver)
            {
                return new(false);
            }

            writer = _writer;
            _writer = null;
            _reader = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            next = _reader.Task;
        }

        writer?.SetResult();
        return new(next);
    }

    /// <summary>Says that no more will be offered, or that nobody will take it.</summary>
    public void Close()
    {
        TaskCompletionSource<bool>? reader;
        TaskCompletionSource? writer;
        lock (_gate)
        {
            _isOver = true;
            (reader, writer) = (_reader, _writer);
            (_reader, _writer) = (null, null);
        }

        reader?.SetResult(false);
        writer?.SetResult();
    }

    /// <summary>Lets it be used for another attempt.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            _isOver = false;
        }
    }
}
