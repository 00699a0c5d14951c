using System.ClientModel;
using ChatQuota.Model;
using Microsoft.Extensions.AI;

namespace Reliable.Integration.Tests.Sample;

public sealed class OpenAIChatClientTests : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ScriptedModel _model = null!;
    private IChatClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await ScriptedModel.StartAsync();
        _client = new OpenAIChatClient(new ModelSettings(_model.BaseUrl, "key", "scripted", TimeSpan.FromMilliseconds(500)));
    }

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public async Task GetResponse_WhenTextHasParts_KeepsThemApart()
    {
        _model.Replies(Reply.Message(new { role = "assistant", content = new[] { new { type = "text", text = "One " }, new { type = "text", text = "two." } } }, "length"));

        ChatResponse response = await _client.GetResponseAsync("Hello?", cancellationToken: Token);

        Assert.Equal("One two.", response.Text);
        Assert.Equal(2, Assert.Single(response.Messages).Contents.Count);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(7, response.Usage?.TotalTokenCount);
    }

    [Fact]
    public async Task GetResponse_WhenThereIsNoChoice_HasNoMessage()
    {
        _model.Replies(Reply.Json(new { id = "1", model = "scripted", choices = Array.Empty<object>() }));

        Assert.Empty((await _client.GetResponseAsync("Hello?", cancellationToken: Token)).Messages);
    }

    [Fact]
    public async Task GetResponse_WhenToolsAreCalled_ReturnsCallsWithArguments()
    {
        _model.Replies(Reply.ToolCall("show_order", """{"orderNumber":"17"}"""));

        ChatResponse response = await _client.GetResponseAsync("Hello?", SupportTools.Full, Token);

        FunctionCallContent call = Assert.IsType<FunctionCallContent>(Assert.Single(Assert.Single(response.Messages).Contents));
        Assert.Equal("show_order", call.Name);
        Assert.Equal("17", call.Arguments!["orderNumber"]?.ToString());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_WhenArgumentsAreNotJson_KeepsTheCall()
    {
        _model.Replies(Reply.ToolCall("show_order", "{oops"));

        ChatResponse response = await _client.GetResponseAsync("Hello?", SupportTools.Full, Token);

        Assert.NotNull(Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents)).Exception);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"id":"1","cho""")]
    [InlineData("""{"id":"1","choices":null}""")]
    [InlineData("""{"id":"1","choices":[{"index":0,"message":null,"finish_reason":"stop"}]}""")]
    [InlineData("""{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"odd"}]}""")]
    public async Task GetResponse_WhenReplyIsNotACompletion_ThrowsRetryable(string body)
    {
        _model.Replies(Reply.Raw(body));

        await Assert.ThrowsAsync<RetryableException>(() => _client.GetResponseAsync("Hello?", cancellationToken: Token));
    }

    [Fact]
    public async Task GetResponse_WhenServerFails_AsksOnceAndThrowsItsStatus()
    {
        _model.Replies(Reply.Status(503));

        ClientResultException exception = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetResponseAsync("Hello?", cancellationToken: Token));

        Assert.Equal(503, exception.Status);
        Assert.Equal(1, _model.Requests);
    }

    [Fact]
    public async Task GetResponse_WhenNobodyAnswers_ThrowsTimeout()
    {
        _model.Replies(Reply.Never);

        await Assert.ThrowsAsync<TimeoutException>(() => _client.GetResponseAsync("Hello?", cancellationToken: Token));
    }

    [Fact]
    public async Task GetResponse_WhenCallerCancels_ThrowsCancellation()
    {
        _model.Replies(Reply.Never);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetResponseAsync("Hello?", cancellationToken: source.Token));
    }

    [Fact]
    public async Task GetResponse_WhenConversationHasToolResults_SendsAllRoles()
    {
        _model.Replies(Reply.Text("Fine."));
        ChatMessage[] messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("Look: "), new UriContent("http://example.test/a.png", "image/png")]),
            new(ChatRole.Assistant, [new TextContent("One moment."), new FunctionCallContent("c1", "show_order", new Dictionary<string, object?> { ["orderNumber"] = "17" })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "On its way.")]),
        ];

        await _client.GetResponseAsync(messages, new ChatOptions { Instructions = "Be kind.", Temperature = 0.5f, MaxOutputTokens = 9, StopSequences = ["END"] }, Token);

        System.Text.Json.JsonElement request = Assert.Single(_model.Bodies);
        System.Text.Json.JsonElement sent = request.GetProperty("messages");
        Assert.Equal(["system", "system", "user", "assistant", "tool"], sent.EnumerateArray().Select(static message => message.GetProperty("role").GetString()));
        Assert.Equal("image_url", sent[2].GetProperty("content")[1].GetProperty("type").GetString());
        Assert.Equal("""{"orderNumber":"17"}""", sent[3].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("c1", sent[4].GetProperty("tool_call_id").GetString());
        Assert.Equal(9, request.GetProperty("max_completion_tokens").GetInt32());
    }

    [Fact]
    public async Task GetStreamingResponse_WhenTextAndCallsArriveInPieces_ReturnsTextAtOnceAndCallsWhole()
    {
        const string Head = """{"id":"1","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"finish_reason":null,"delta":""";
        _model.Replies(Reply.Stream(
            Head + """{"role":"assistant","content":"Hel"}}]}""",
            Head + """{"content":"lo."}}]}""",
            Head + """{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"show_order","arguments":"{\"order"}}]}}]}""",
            Head + """{"tool_calls":[{"index":0,"function":{"arguments":"Number\":\"17\"}"}}]}}]}""",
            """{"id":"1","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"finish_reason":"tool_calls","delta":{}}]}""",
            "[DONE]"));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync("Hello?", cancellationToken: Token))
        {
            updates.Add(update);
        }

        ChatResponse response = updates.ToChatResponse();
        Assert.Equal("Hel", updates[0].Text);
        Assert.Equal("Hello.", response.Text);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        FunctionCallContent call = Assert.Single(response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal("17", call.Arguments!["orderNumber"]?.ToString());
    }

    [Fact]
    public async Task GetStreamingResponse_WhenServerFails_ThrowsItsStatus()
    {
        _model.Replies(Reply.Status(500));

        ClientResultException exception = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in _client.GetStreamingResponseAsync("Hello?", cancellationToken: Token))
            {
            }
        });

        Assert.Equal(500, exception.Status);
        Assert.Equal(1, _model.Requests);
    }
}
