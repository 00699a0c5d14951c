using System.ClientModel;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using ChatQuota.Model;
using Microsoft.Extensions.AI;

namespace Reliable.Integration.Tests.Sample;

/// <summary>
/// A model's answer that is cut, ended, stalled and corrupted at every byte of it: in the middle of characters, of numbers and of names, after reasoning and after
/// tool calls. Whoever reads it through the sample's client and assistant sees one answer or one exception, and is charged for the former alone.
/// </summary>
public sealed class BrokenStreamTests
{
    private const string Next = "THE SECOND ANSWER IS A GOOD ONE, TOO.";

    private static readonly byte[] s_first = Body(
        """{"role":"assistant","content":""}""",
        """{"reasoning_content":"let me see"}""",
        """{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"show_order","arguments":"{\"orderNumber\":"}}]}""",
        """{"tool_calls":[{"index":0,"function":{"arguments":"\"17\"}"}}]}""",
        """{"content":"it"}""",
        """{"content":" c\u00f4ûts"}""",
        """{"content":" 😀€"}""",
        """{"content":" \ud83d\ude80 and then"}""",
        """{"content":" some."}""");

    private static readonly byte[] s_next = Body($$"""{"role":"assistant","content":"{{Next[..20]}}"}""", $$"""{"content":"{{Next[20..]}}"}""");

    [Theory]
    [InlineData(nameof(BrokenWay.Cut))]
    [InlineData(nameof(BrokenWay.End))]
    [InlineData(nameof(BrokenWay.Stall))]
    [InlineData(nameof(BrokenWay.Corrupt))]
    public async Task StreamAsync_WhenModelBreaksAtAnyByte_ShowsOneAnswerOrOneExceptionAndChargesExactly(string way)
    {
        await using BrokenModel model = await BrokenModel.StartAsync(s_first, s_next);
        await using ReliableRuntime runtime = CreateRuntime();
        using var client = new OpenAIChatClient(new ModelSettings(model.BaseUrl, "key", "broken", TimeSpan.FromSeconds(30)));
        var assistant = new SupportAssistant(client, runtime);
        BrokenWay broken = Enum.Parse<BrokenWay>(way);
        int retried = 0, failed = 0;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, s_first.Length + 1),
            new ParallelOptions { MaxDegreeOfParallelism = broken is BrokenWay.Stall or BrokenWay.Cut ? 64 : 16, CancellationToken = TestContext.Current.CancellationToken },
            async (at, token) =>
            {
                string question = $"{way} {at}";
                (string text, Exception? exception) = await ReadAsync(assistant.StreamAsync(question, question, "broken", token));

                string first = Decode(BrokenModel.Sent(s_first, broken, at));
                string context = $"{question}: '{text}' ({exception}); the first answer was '{first}'.";
                if (exception is null)
                    Assert.True(text == Next || text == first, context);
                else
                    Assert.True(IsClear(exception) && (first.StartsWith(text, StringComparison.Ordinal) || Next.StartsWith(text, StringComparison.Ordinal)), context);

                UsageSnapshot usage = await runtime.Usage.GetUsageAsync(question, cancellationToken: token);
                Assert.True((exception is null ? 1 : 0, 0) == (usage.Used, usage.Reserved), $"{context} Used: {usage.Used}, reserved: {usage.Reserved}.");
                Interlocked.Add(ref retried, model.Asked(question) > 1 ? 1 : 0);
                Interlocked.Add(ref failed, exception is null ? 0 : 1);
            });

        // Most of the body comes before the proof, and much after it: a sweep that never saw either has tested nothing.
        Assert.True(retried > s_first.Length / 4, $"Only {retried} were asked again.");
        Assert.True(failed > s_first.Length / 50, $"Only {failed} failed after release.");
        Assert.Equal(0, runtime.Statistics.ActiveTransactions);
    }

    private static ReliableRuntime CreateRuntime() => ReliableRuntime.Create(static options =>
    {
        options.Rollout.Mode = RolloutMode.On;
        options.Methods["SupportAssistant.StreamAsync"] = new MethodOptions
        {
            Backoff = [TimeSpan.FromMilliseconds(1)],
            FirstUpdateTimeout = TimeSpan.FromMilliseconds(250),
            IdleTimeout = TimeSpan.FromMilliseconds(250),
        };
    });

    private static async Task<(string Text, Exception? Exception)> ReadAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        string text = "";
        try
        {
            await foreach (ChatResponseUpdate update in stream)
                text += update.Text;

            return (text, null);
        }
        catch (Exception e)
        {
            return (text, e);
        }
    }

    private static bool IsClear(Exception exception)
        => exception is RetriesExhaustedException or RetryableException or TimeoutException or IOException or HttpRequestException or ClientResultException;

    private static byte[] Body(params string[] deltas)
    {
        var body = new StringBuilder();
        foreach (string delta in deltas)
            body.Append("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":").Append(delta).Append("}]}\n\n");

        body.Append("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        return Encoding.UTF8.GetBytes(body.ToString());
    }

    // What a body says, as far as it says anything: read without the client that is under test.
    private static string Decode(byte[] body)
    {
        string text = "";
        try
        {
            foreach (SseItem<byte[]> item in SseParser.Create(new MemoryStream(body), static (_, data) => data.ToArray()).Enumerate())
            {
                using JsonDocument chunk = JsonDocument.Parse(item.Data);
                if (chunk.RootElement.TryGetProperty("choices", out JsonElement choices) && choices.GetArrayLength() > 0
                    && choices[0].TryGetProperty("delta", out JsonElement delta) && delta.TryGetProperty("content", out JsonElement content))
                {
                    text += content.GetString();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken here.
        }

        return text;
    }
}
