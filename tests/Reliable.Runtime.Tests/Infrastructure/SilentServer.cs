using System.ClientModel.Primitives;
using System.Net;
using System.Net.Sockets;

namespace Reliable.Infrastructure;

/// <summary>A server that takes requests and says nothing.</summary>
internal static class SilentServer
{
    /// <summary>What the pipeline of System.ClientModel throws when its own time is over.</summary>
    public static async Task<Exception> TimeOutAsync()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var pipeline = ClientPipeline.Create(new ClientPipelineOptions
        {
            NetworkTimeout = TimeSpan.FromMilliseconds(50),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
        using PipelineMessage message = pipeline.CreateMessage();
        message.Request.Method = "GET";
        message.Request.Uri = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/");
        return await Assert.ThrowsAnyAsync<Exception>(() => pipeline.SendAsync(message).AsTask());
    }
}
