using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Reliable.Faults;

/// <summary>
/// Stands between a client and a PostgreSQL server on the loopback address, and breaks what passes: single requests on demand or at random, every
/// connection at once, or one direction without a word. Whoever is cut off is cut off by a reset, as by a crash of the network.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxyLink, bool> _links = new();
    private readonly ConcurrentQueue<ProxyFault> _ordered = new();
    private readonly Random _random;
    private readonly Lock _deciding = new();
    private readonly Task _accepting;
    private long _quietUntil;
    private int _faults;
    private int _late;
    private TaskCompletionSource? _requestsHeld;
    private TaskCompletionSource? _repliesHeld;

    private FaultProxy(string serverConnectionString, int seed)
    {
        var server = new NpgsqlConnectionStringBuilder(serverConnectionString);
        (ServerHost, ServerPort) = (server.Host!, server.Port);
        _random = new Random(seed);
        _listener.Start(512);
        server.Host = "127.0.0.1";
        server.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = server.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The connection string of the server, by way of this proxy.</summary>
    public string ConnectionString { get; }

    public string ServerHost { get; }

    /// <summary>Where new connections go; set to another server's port, it is a failover.</summary>
    public int ServerPort { get; set; }

    /// <summary>The share of requests that meet a fault at random.</summary>
    public double FaultRate { get; set; }

    /// <summary>The least time between two faults at random.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How much later every request arrives.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many requests met a fault.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Whether a request whose client is gone may still reach the server, or be at work there.</summary>
    public bool HasLateRequests => Volatile.Read(ref _late) > 0;

    public static FaultProxy Start(string serverConnectionString, int seed = 0) => new(serverConnectionString, seed);

    /// <summary>Orders a fault for the next request, whoever sends it.</summary>
    public void BreakNext(ProxyFault fault) => _ordered.Enqueue(fault);

    /// <summary>Whether every ordered fault has happened.</summary>
    public bool HasBrokenAll => _ordered.IsEmpty;

    /// <summary>Cuts every connection, in both directions.</summary>
    public void CutAll()
    {
        foreach (ProxyLink link in _links.Keys)
            link.Cut();
    }

    /// <summary>From now on requests go nowhere, also those of new connections, and nobody is told.</summary>
    public void HoldRequests() => _requestsHeld ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on replies go nowhere, and nobody is told.</summary>
    public void HoldReplies() => _repliesHeld ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held goes on, late.</summary>
    public void Release()
    {
        Interlocked.Exchange(ref _requestsHeld, null)?.SetResult();
        Interlocked.Exchange(ref _repliesHeld, null)?.SetResult();
    }

    /// <summary>No more faults at random or on demand.</summary>
    public void Calm()
    {
        FaultRate = 0;
        Delay = TimeSpan.Zero;
        _ordered.Clear();
        Release();
    }

    public async ValueTask DisposeAsync()
    {
        Calm();
        _listener.Stop();
        CutAll();
        await _accepting;
        _listener.Dispose();
    }

    /// <summary>Waits as long as requests must, then says what happens to this one.</summary>
    internal async Task<ProxyFault?> AdmitRequestAsync()
    {
        if (Volatile.Read(ref _requestsHeld) is { } held)
            await held.Task;
        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay);
        return Decide();
    }

    internal Task AdmitReplyAsync() => Volatile.Read(ref _repliesHeld)?.Task ?? Task.CompletedTask;

    /// <summary>The client is gone: waits, delivers if there is something to deliver, and leaves the server its time to work on it.</summary>
    internal async Task FinishLateAsync(Func<Task>? deliver)
    {
        Interlocked.Increment(ref _late);
        try
        {
            if (deliver is not null)
            {
                await Task.Delay(NextDelay(20, 250));
                await deliver();
            }

            await Task.Delay(300);
        }
        finally
        {
            Interlocked.Decrement(ref _late);
        }
    }

    private ProxyFault? Decide()
    {
        lock (_deciding)
        {
            if (!_ordered.TryDequeue(out ProxyFault fault))
            {
                if (FaultRate <= 0 || Environment.TickCount64 < _quietUntil || _random.NextDouble() >= FaultRate)
                    return null;
                fault = (ProxyFault)_random.Next(4);
                _quietUntil = Environment.TickCount64 + (long)Pause.TotalMilliseconds;
            }

            Interlocked.Increment(ref _faults);
            return fault;
        }
    }

    private int NextDelay(int least, int most)
    {
        lock (_deciding)
            return _random.Next(least, most);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            var link = new ProxyLink(this, client);
            _links[link] = true;
            _ = RunAsync(link);
        }
    }

    private async Task RunAsync(ProxyLink link)
    {
        using (link)
            await link.RunAsync();
        _links.TryRemove(link, out _);
    }
}
