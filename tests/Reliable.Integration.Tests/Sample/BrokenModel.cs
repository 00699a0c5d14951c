using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Reliable.Integration.Tests.Sample;

/// <summary>
/// A model's API over real HTTP that answers every question well, and breaks its first answer to each in the way and at the byte that the question itself names:
/// <c>cut 117</c>.
/// </summary>
internal sealed class BrokenModel : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly byte[] _first;
    private readonly byte[] _next;
    private readonly ConcurrentDictionary<string, int> _asked = new();

    private BrokenModel(byte[] first, byte[] next)
    {
        (_first, _next) = (first, next);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    public Uri BaseUrl => new(_server.Urls.First() + "/v1");

    /// <summary>How often a question was asked.</summary>
    public int Asked(string question) => _asked.GetValueOrDefault(question);

    /// <summary>Starts a server.</summary>
    /// <param name="first">The body of the answer that is broken.</param>
    /// <param name="next">The body of the answers after it.</param>
    public static async Task<BrokenModel> StartAsync(byte[] first, byte[] next)
    {
        var model = new BrokenModel(first, next);
        await model._server.StartAsync();
        return model;
    }

    /// <summary>The bytes of a broken answer, as far as they are sent.</summary>
    public static byte[] Sent(byte[] body, BrokenWay way, int at)
    {
        if (way != BrokenWay.Corrupt)
            return body[..at];

        byte[] sent = [.. body];
        if (at < sent.Length)
        {
            sent[at] = (at % 3) switch
            {
                0 => 0xFF,
                1 => (byte)(sent[at] ^ 0x20),
                _ => (byte)'"',
            };
        }

        return sent;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        string question = request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        context.Response.ContentType = "text/event-stream";
        if (_asked.AddOrUpdate(question, 1, static (_, count) => count + 1) > 1)
        {
            await context.Response.Body.WriteAsync(_next);
            return;
        }

        string[] order = question.Split(' ');
        BrokenWay way = Enum.Parse<BrokenWay>(order[0]);
        await context.Response.Body.WriteAsync(Sent(_first, way, int.Parse(order[1], System.Globalization.CultureInfo.InvariantCulture)));
        await context.Response.Body.FlushAsync();
        if (way == BrokenWay.Cut)
        {
            // A reset overtakes what was sent before it; given a moment, the client has mostly read that.
            await Task.Delay(15);
            context.Abort();
        }
        else if (way == BrokenWay.Stall)
            await Reply.Never(context);
    }
}
