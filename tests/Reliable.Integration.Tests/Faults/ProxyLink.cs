using System.Net.Sockets;

namespace Reliable.Faults;

/// <summary>One connection through <see cref="FaultProxy"/>: the client's socket, the server's, and a pump in each direction.</summary>
internal sealed class ProxyLink(FaultProxy proxy, Socket client) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _halvesReply;
    private volatile bool _hasNoClient;

    public async Task RunAsync()
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(proxy.ServerHost, proxy.ServerPort);
            await Task.WhenAll(PumpRequestsAsync(), PumpRepliesAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Refused or cut: the other side is told the same.
        }

        Cut();
    }

    /// <summary>Resets both directions.</summary>
    public void Cut()
    {
        Reset(client);
        Reset(_server);
    }

    public void Dispose() => Cut();

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task PumpRequestsAsync()
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (await client.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!await ForwardRequestAsync(buffer.AsMemory(0, count)))
                    return;
            }

            _server.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Cut();
        }
    }

    private async Task<bool> ForwardRequestAsync(ReadOnlyMemory<byte> request)
    {
        switch (await proxy.AdmitRequestAsync())
        {
            case null:
                await _server.SendAsync(request);
                return true;
            case ProxyFault.HalfReply:
                _halvesReply = true;
                await _server.SendAsync(request);
                return true;
            case ProxyFault.CutAfterRequest:
                await _server.SendAsync(request);
                LeaveClient();
                await proxy.FinishLateAsync(deliver: null);
                break;
            case ProxyFault.Zombie:
                LeaveClient();
                await proxy.FinishLateAsync(async () => await _server.SendAsync(request));
                break;
            case ProxyFault.CutAll:
                await _server.SendAsync(request);
                proxy.CutAll();
                break;
            default:
                break;
        }

        Cut();
        return false;
    }

    private void LeaveClient()
    {
        _hasNoClient = true;
        Reset(client);
    }

    private async Task PumpRepliesAsync()
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (await _server.ReceiveAsync(buffer) is > 0 and var count)
            {
                await proxy.AdmitReplyAsync();
                if (_hasNoClient)
                    continue;
                if (_halvesReply)
                {
                    await client.SendAsync(buffer.AsMemory(0, count / 2));
                    break;
                }

                await client.SendAsync(buffer.AsMemory(0, count));
            }

            if (!_halvesReply && !_hasNoClient)
            {
                client.Shutdown(SocketShutdown.Send);
                return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (_hasNoClient)
                return;
        }

        Cut();
    }
}
