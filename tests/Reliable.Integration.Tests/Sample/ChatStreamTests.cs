using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Reliable.Integration.Tests.Sample;

/// <summary>The sample's answers as server-sent events: a real server, a real model's API over HTTP, and clients that leave.</summary>
public sealed class ChatStreamTests
{
    private static readonly Func<HttpContext, Task> s_good = Streamed("Your order", " is on", " its way.");

    [Fact]
    public async Task Chat_WhenEventsAreAccepted_StreamsTheAnswerAndItsUsageAtTheEnd()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(s_good);

        using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");
        List<(string Name, JsonElement Data)> events = await ServerEvents.ReadAllAsync(response);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["text", "text", "text", "done"], events.Select(static e => e.Name));
        Assert.Equal("Your order is on its way.", TextOf(events));
        Assert.Equal(1, events[^1].Data.GetProperty("attempts").GetInt32());
        Assert.Equal(1, events[^1].Data.GetProperty("usage").GetProperty("used").GetInt64());
        Assert.True(api.Model.Bodies.Single().GetProperty("stream").GetBoolean());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("text/event-stream;q=0")]
    public async Task Chat_WhenEventsAreNotAskedFor_AnswersJson(string accept)
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Client.DefaultRequestHeaders.Add("Accept", accept);

        (int status, JsonElement body, _) = await api.AskAsync("ada", "Where is my order?");

        Assert.Equal(200, status);
        Assert.True(body.TryGetProperty("answer", out _));
    }

    public static TheoryData<string> BadStarts => ["empty", "short", "tools", "dropped", "cut", "unfinished", "broken", "503", "silent"];

    [Theory]
    [MemberData(nameof(BadStarts))]
    public async Task Chat_WhenFirstStreamIsBad_TellsOfTheRetryAndShowsTheSecondAlone(string start)
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Bad(start), s_good);

        using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");
        List<(string Name, JsonElement Data)> events = await ServerEvents.ReadAllAsync(response);

        Assert.Equal(["retry", "text", "text", "text", "done"], events.Select(static e => e.Name));
        Assert.Equal("Your order is on its way.", TextOf(events));
        Assert.Equal(2, events[0].Data.GetProperty("attempt").GetInt32());
        Assert.Equal(2, events[^1].Data.GetProperty("attempts").GetInt32());
        Assert.Equal(1, (await api.UsageAsync("ada")).GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Chat_WhenStreamIsCutAtAnyChunk_ShowsOneAnswerOrAProblem()
    {
        await using SampleApi api = await SampleApi.StartAsync(limit: 1_000);
        string[] parts = ["Your order", " is on", " its", " way", "."];
        int charged = 0;
        for (int cut = 0; cut <= parts.Length; cut++)
        {
            api.Model.Replies(Streamed(parts, cut, static context => context.Abort()), s_good);

            using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");
            List<(string Name, JsonElement Data)> events = await ServerEvents.ReadAllAsync(response);

            charged += events[^1].Name == "done" ? 1 : 0;
            if (cut < 1)
                Assert.Equal(("done", "Your order is on its way."), (events[^1].Name, TextOf(events)));
            else
            {
                Assert.Equal(("problem", string.Concat(parts.Take(cut))), (events[^1].Name, TextOf(events)));
                Assert.Equal("Answer cut off", events[^1].Data.GetProperty("title").GetString());
            }

            Assert.Equal(charged, (await api.UsageAsync("ada")).GetProperty("used").GetInt64());
        }
    }

    [Fact]
    public async Task Chat_WhenEveryStreamIsBad_EndsWithTheProblem()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Bad("short"));

        using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");
        List<(string Name, JsonElement Data)> events = await ServerEvents.ReadAllAsync(response);

        Assert.Equal(["retry", "retry", "retry", "retry", "problem"], events.Select(static e => e.Name));
        Assert.True(events[3].Data.GetProperty("fallback").GetBoolean());
        Assert.Equal(502, events[^1].Data.GetProperty("status").GetInt32());
        Assert.Contains("This request was not counted.", events[^1].Data.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await api.UsageAsync("ada")).GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Chat_WhenLimitIsReached_RepliesWithoutAStream()
    {
        await using SampleApi api = await SampleApi.StartAsync(limit: 0);

        using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Chat_WhenModelRefuses_SaysSoAndChargesNothing()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Stream(Chunk("{}", "content_filter"), "[DONE]"));

        using HttpResponseMessage response = await ServerEvents.StartAsync(api.Client, "ada");

        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal(1, api.Model.Requests);
        Assert.Equal(0, (await api.UsageAsync("ada")).GetProperty("used").GetInt64());
    }

    [Theory]
    [InlineData("Your order is on its way", 1)]
    [InlineData("Your", 0)]
    public async Task Chat_WhenClientLeavesInTheMiddle_ChargesIfWhatItHasIsAnAnswer(string shown, long used)
    {
        await using SampleApi api = await SampleApi.StartAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Model.Replies(async context =>
        {
            await Reply.Stream(Chunk(Delta(shown)))(context);
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                left.SetResult();
            }
        });

        using (var source = new CancellationTokenSource())
        {
            Task<HttpResponseMessage> starting = ServerEvents.StartUntilAsync(api.Client, "ada", source.Token);
            if (used == 1)
            {
                using HttpResponseMessage response = await starting;
                await foreach ((string name, JsonElement data) in ServerEvents.ReadAsync(response))
                {
                    Assert.Equal(("text", shown), (name, data.GetProperty("text").GetString()));
                    break;
                }
            }
            else
            {
                // Held back: there is nothing to read. The model has been asked; its client goes.
                while (api.Model.Requests == 0)
                    await Task.Delay(5, TestContext.Current.CancellationToken);

                await source.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
            }
        }

        // The model's own connection is closed: nobody pays for words that nobody reads.
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await WaitForAsync(() => api.ActiveTransactions == 0);
        Assert.Equal(used, (await api.UsageAsync("ada")).GetProperty("used").GetInt64());
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(10, guard.Token);
    }

    private static string TextOf(IEnumerable<(string Name, JsonElement Data)> events)
        => string.Concat(events.Where(static e => e.Name == "text").Select(static e => e.Data.GetProperty("text").GetString()));

    private static string Delta(string content) => JsonSerializer.Serialize(new { content });

    private static string Chunk(string delta, string? finishReason = null)
        => $$"""{"id":"1","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"finish_reason":{{JsonSerializer.Serialize(finishReason)}},"delta":{{delta}}}]}""";

    private static Func<HttpContext, Task> Streamed(params string[] parts)
        => Reply.Stream([.. parts.Select(static part => Chunk(Delta(part))), Chunk("{}", "stop"), "[DONE]"]);

    private static Func<HttpContext, Task> Streamed(string[] parts, int count, Action<HttpContext> end) => async context =>
    {
        await Reply.Stream([.. parts.Take(count).Select(static part => Chunk(Delta(part)))])(context);
        await Task.Delay(20, context.RequestAborted);
        end(context);
    };

    private static Func<HttpContext, Task> Bad(string start) => start switch
    {
        "empty" => Streamed(),
        "short" => Streamed("Ok."),
        "tools" => Reply.Stream(
            Chunk("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"show_order","arguments":"{}"}}]}"""), Chunk("{}", "tool_calls"), "[DONE]"),
        "dropped" => Reply.Drop,
        "cut" => Streamed(["Your"], 1, static context => context.Abort()),
        "unfinished" => Reply.Stream(Chunk(Delta("Your"))),
        "broken" => Reply.Stream(Chunk(Delta("Your")), """{"id":"1","choices":[{"ind"""),
        "silent" => SilentAsync,
        _ => Reply.Status(503),
    };

    private static async Task SilentAsync(HttpContext context)
    {
        await Reply.Stream(Chunk(Delta("Your")))(context);
        await Reply.Never(context);
    }
}
