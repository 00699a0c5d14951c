using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Reliable.Usage;

/// <summary>
/// Charges whose answers have left before the database had them, in a local file that the next start replays. Each process writes a file of its own, which it
/// holds locked; a file that nobody holds was left by a process that died.
/// </summary>
/// <remarks>A charge is written before its answer leaves, and marked settled after the database has it. When nothing is open the file is emptied.</remarks>
internal sealed class ChargeJournal : IDisposable
{
    /// <summary>The most a journal may hold; then new calls are refused.</summary>
    public const long MaxBytes = 256 * 1024 * 1024;

    private const int CompactAboveBytes = 1024 * 1024;
    private const string Pattern = "charges-*.journal";
    private const string DamagedSuffix = ".damaged";
    private const string ExpiredSuffix = ".expired";

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly Dictionary<Guid, (Charge Charge, DateOnly? Day)> _open = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<string> _damaged = [];
    private readonly List<(string Path, int Count)> _expired = [];
    private readonly JournalMode _mode;
    private readonly string _directory;
    private readonly string _path;
    private readonly long _maxBytes;
    private SafeFileHandle _file;
    private long _length;

    // Bytes ever written, and how many of them are known to be on the disk: unlike the length they never go back when the file is emptied or replaced.
    private long _written;
    private long _flushed;
    private string? _failure;
    private bool _isDisposed;

    private ChargeJournal(string directory, JournalMode mode, long maxBytes)
    {
        _directory = directory;
        _mode = mode;
        _maxBytes = maxBytes;
        _path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"charges-{Environment.ProcessId}-{Guid.NewGuid():N}.journal"));
        _file = OpenOwn(_path);
    }

    /// <summary>Where the journal is.</summary>
    public string Location => _directory;

    /// <summary>How many charges wait in the journal.</summary>
    public int OpenCount
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>The bytes in use.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Why the journal cannot take a charge; <see langword="null"/> when it can.</summary>
    public string? Failure
        => Volatile.Read(ref _failure)
            ?? (IsFull ? string.Create(CultureInfo.InvariantCulture, $"it holds {_maxBytes / 1024 / 1024.0:0.#} MiB, as much as it may") : null);

    private bool IsFull => Volatile.Read(ref _length) >= _maxBytes;

    /// <summary>Opens a journal, creating its directory.</summary>
    /// <exception cref="UsageStoreException">The directory cannot be created or written.</exception>
    public static ChargeJournal Open(string directory, JournalMode mode, long maxBytes = MaxBytes)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return new ChargeJournal(directory, mode, maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageStoreException(
                $"The journal directory '{directory}' cannot be written: {e.Message} Set 'Reliable:Usage:JournalPath' to a directory this process may write, "
                + "or 'Reliable:Usage:Journal' to 'None' to do without a journal.",
                e);
        }
    }

    /// <summary>Files that <see cref="TakeOver"/> could not read to their end, and kept.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Files into which <see cref="TakeOver"/> put charges that are too old to be sent again, and how many each has.</summary>
    public IReadOnlyList<(string Path, int Count)> Expired => _expired;

    /// <summary>
    /// Takes over what dead processes left: their open charges are written to this journal first, then their files are deleted. A crash in between replays them
    /// twice, which the ledger makes harmless.
    /// </summary>
    /// <param name="isExpired">Whether a charge is too old to be sent again, so that it is kept aside in a file instead; none is when this is missing.</param>
    public IReadOnlyList<(Charge Charge, DateOnly? Day)> TakeOver(Func<Charge, DateOnly?, bool>? isExpired = null)
    {
        var found = new List<(Charge Charge, DateOnly? Day)>();
        foreach (string path in Directory.EnumerateFiles(_directory, Pattern))
        {
            if (path == _path)
            {
                continue;
            }

            try
            {
                byte[] content;
                using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    content = new byte[file.Length];
                    file.ReadExactly(content);
                }

                Dictionary<Guid, (Charge Charge, DateOnly? Day)> open = JournalFormat.ReadOpen(content, out int read);
                KeepAside(path + ExpiredSuffix, [.. open.Values.Where(o => isExpired?.Invoke(o.Charge, o.Day) == true)], open);
                foreach ((Charge charge, DateOnly? day) in open.Values)
                {
                    if (!TryAppend(charge, day))
                    {
                        return found;
                    }

                    found.Add((charge, day));
                }

                Flush();
                if (read == content.Length)
                {
                    File.Delete(path);
                }
                else
                {
                    // The last record of a process that was killed may be torn; but whatever cannot be read is not thrown away.
                    File.Move(path, path + DamagedSuffix, overwrite: true);
                    _damaged.Add(path + DamagedSuffix);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process holds it, took it over first, or belongs to another user.
            }
        }

        return found;
    }

    /// <summary>Writes a charge that is not in the journal yet; when this returns <see langword="true"/> it survives the end of the process.</summary>
    /// <remarks>Also when the journal is full: only new calls are refused then, and there is an end to those that are under way.</remarks>
    public bool TryAppend(in Charge charge, DateOnly? day)
    {
        lock (_lock)
        {
            if (_open.ContainsKey(charge.TransactionId))
            {
                return !_isDisposed;
            }

            _buffer.ResetWrittenCount();
            JournalFormat.WriteCharge(_buffer, charge, day);
            if (!TryWrite())
            {
                return false;
            }

            _open.Add(charge.TransactionId, (charge, day));
            return true;
        }
    }

    /// <summary>Forces what was appended to the disk, where the mode asks for it; callers at once share one force.</summary>
    /// <returns><see langword="false"/> when the disk did not take it.</returns>
    public async ValueTask<bool> TryFlushAsync()
    {
        if (_mode != JournalMode.PowerLoss)
        {
            return true;
        }

        long mine = Volatile.Read(ref _written);
        await _flushing.WaitAsync().ConfigureAwait(false);
        try
        {
            return Volatile.Read(ref _flushed) >= mine || TryFlush();
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>As <see cref="TryFlushAsync"/>, for a thread that may wait for the disk.</summary>
    public bool TryFlush()
    {
        if (_mode != JournalMode.PowerLoss)
        {
            return true;
        }

        while (true)
        {
            try
            {
                Flush();
                return true;
            }
            catch (ObjectDisposedException) when (!Volatile.Read(ref _isDisposed))
            {
                // The file was compacted meanwhile: what came after that is in the new one.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Volatile.Write(ref _failure, e.Message);
                return false;
            }
        }
    }

    /// <summary>Notes that the database has a charge. A note that is lost costs one replay, which the ledger makes harmless.</summary>
    public void MarkSettled(Guid transactionId)
    {
        lock (_lock)
        {
            if (_isDisposed || !_open.Remove(transactionId))
            {
                return;
            }

            if (_open.Count == 0)
            {
                Truncate();
                return;
            }

            _buffer.ResetWrittenCount();
            JournalFormat.WriteSettled(_buffer, transactionId);
            TryWrite();
            if (_length > CompactAboveBytes && IsMostlySettled)
            {
                Compact();
            }
        }
    }

    /// <summary>Tries to write again after a failure, or to make room.</summary>
    public bool TryRecover()
    {
        lock (_lock)
        {
            if (IsFull && IsMostlySettled)
            {
                Compact();
            }

            if (_failure is null)
            {
                return !IsFull;
            }

            _buffer.ResetWrittenCount();
            JournalFormat.WriteSettled(_buffer, Guid.Empty);
            return TryWrite() && TryFlush() && !IsFull;
        }
    }

    /// <summary>Closes the file, and deletes it when nothing is open.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _failure = "it is closed";
            _file.Dispose();
            if (_open.Count == 0)
            {
                File.Delete(_path);
            }
        }
    }

    private bool IsMostlySettled => _open.Count * 256L < _length;

    private static SafeFileHandle OpenOwn(string path)
        => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

    // On the disk before the file they came from is deleted. Under the journal's own format: renamed back, they are a journal again.
    private void KeepAside(string path, List<(Charge Charge, DateOnly? Day)> expired, Dictionary<Guid, (Charge Charge, DateOnly? Day)> open)
    {
        if (expired.Count == 0)
        {
            return;
        }

        var content = new ArrayBufferWriter<byte>();
        foreach ((Charge charge, DateOnly? day) in expired)
        {
            JournalFormat.WriteCharge(content, charge, day);
            open.Remove(charge.TransactionId);
        }

        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        RandomAccess.Write(file, content.WrittenSpan, 0);
        RandomAccess.FlushToDisk(file);
        _expired.Add((path, expired.Count));
    }

    private bool TryWrite()
    {
        if (_isDisposed)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(_file, _buffer.WrittenSpan, _length);
            Volatile.Write(ref _length, _length + _buffer.WrittenCount);
            Volatile.Write(ref _written, _written + _buffer.WrittenCount);
            _failure = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A part may have been written: the next record goes over it, and a reader stops at it.
            _failure = e.Message;
            return false;
        }
    }

    private void Flush()
    {
        long written = Volatile.Read(ref _written);
        RandomAccess.FlushToDisk(Volatile.Read(ref _file));
        Volatile.Write(ref _flushed, written);
    }

    private void Truncate()
    {
        RandomAccess.SetLength(_file, 0);
        Volatile.Write(ref _length, 0);
    }

    // The open charges go to a new file, forced to the disk before it takes the old one's name. Should that fail, the old file goes on.
    private void Compact()
    {
        string fresh = _path + ".new";
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(fresh, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            _buffer.ResetWrittenCount();
            foreach ((Charge charge, DateOnly? day) in _open.Values)
            {
                JournalFormat.WriteCharge(_buffer, charge, day);
            }

            RandomAccess.Write(file, _buffer.WrittenSpan, 0);
            RandomAccess.FlushToDisk(file);
            File.Move(fresh, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return;
        }

        SafeFileHandle old = _file;
        Volatile.Write(ref _file, file);
        old.Dispose();
        Volatile.Write(ref _length, _buffer.WrittenCount);
        Volatile.Write(ref _flushed, _written);
    }
}
