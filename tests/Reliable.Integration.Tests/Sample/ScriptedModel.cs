using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Reliable.Integration.Tests.Sample;

/// <summary>A model's API of the tests' own, over real HTTP, that knows nothing of the sample: it replies what the test tells it to.</summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _server;
    private Func<HttpContext, int, Task> _reply = static (context, _) => Reply.Text("A good answer, long enough to show.")(context);
    private int _requests;

    private ScriptedModel()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    public Uri BaseUrl => new(_server.Urls.First() + "/v1");

    public int Requests => Volatile.Read(ref _requests);

    public ConcurrentQueue<JsonElement> Bodies { get; } = [];

    public static async Task<ScriptedModel> StartAsync()
    {
        var model = new ScriptedModel();
        await model._server.StartAsync();
        return model;
    }

    /// <summary>Replies to each request in turn; the last reply again when there are more.</summary>
    public void Replies(params Func<HttpContext, Task>[] replies)
    {
        Interlocked.Exchange(ref _requests, 0);
        Bodies.Clear();
        _reply = (context, number) => replies[Math.Min(number, replies.Length) - 1](context);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        int number = Interlocked.Increment(ref _requests);
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        Bodies.Enqueue(body.RootElement.Clone());
        await _reply(context, number);
    }
}

/// <summary>What a <see cref="ScriptedModel"/> can reply.</summary>
internal static class Reply
{
    public static Func<HttpContext, Task> Text(string? content, string finishReason = "stop")
        => Message(new { role = "assistant", content }, finishReason);

    public static Func<HttpContext, Task> ToolCall(string name, string arguments)
        => Message(new { role = "assistant", content = (string?)null, tool_calls = new[] { new { id = "call_1", type = "function", function = new { name, arguments } } } }, "tool_calls");

    public static Func<HttpContext, Task> Message(object message, string finishReason) => Json(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1_700_000_000,
        model = "scripted",
        choices = new[] { new { index = 0, message, finish_reason = finishReason } },
        usage = new { prompt_tokens = 3, completion_tokens = 4, total_tokens = 7 },
    });

    public static Func<HttpContext, Task> Json(object body) => context => context.Response.WriteAsJsonAsync(body);

    public static Func<HttpContext, Task> Raw(string body) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Status(int status, string message = "An error.") => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = new { message, type = "error" } });
    };

    public static Func<HttpContext, Task> Never => static context => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static Func<HttpContext, Task> Drop => static context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> Stream(params string[] chunks) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (string chunk in chunks)
        {
            await context.Response.WriteAsync($"data: {chunk}\n\n");
            await context.Response.Body.FlushAsync();
        }
    };
}
