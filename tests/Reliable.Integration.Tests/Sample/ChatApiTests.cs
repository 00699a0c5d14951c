using System.Text;
using System.Text.Json;

namespace Reliable.Integration.Tests.Sample;

public sealed class ChatApiTests
{
    private const string Good = "A good answer, long enough to show.";

    private static readonly Func<Microsoft.AspNetCore.Http.HttpContext, Task> s_empty = Reply.Text("");

    [Fact]
    public async Task Chat_WhenAnswerIsGood_ReturnsItWithUsage()
    {
        await using SampleApi api = await SampleApi.StartAsync(limit: 50);
        api.Model.Replies(Reply.Text(Good));

        (int status, JsonElement body, _) = await api.AskAsync("ada", "Where is my order?");

        Assert.Equal(200, status);
        Assert.Equal(["answer", "attempts", "fallback", "usage"], body.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(Good, body.GetProperty("answer").GetString());
        Assert.Equal(1, body.GetProperty("attempts").GetInt32());
        Assert.False(body.GetProperty("fallback").GetBoolean());
        JsonElement usage = body.GetProperty("usage");
        Assert.Equal(["used", "limit", "remaining", "resetsAt"], usage.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(1, usage.GetProperty("used").GetInt64());
        Assert.Equal(50, usage.GetProperty("limit").GetInt64());
        Assert.Equal(49, usage.GetProperty("remaining").GetInt64());
        Assert.True(usage.GetProperty("resetsAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Chat_WhenFirstAnswersAreRejected_ReturnsTheNextAndChargesOnce()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(s_empty, Reply.Text("Ok."), Reply.Status(503), Reply.Text(Good));

        (int status, JsonElement body, _) = await api.AskAsync("ben", "Where is my order?");

        Assert.Equal(200, status);
        Assert.Equal(4, body.GetProperty("attempts").GetInt32());
        Assert.False(body.GetProperty("fallback").GetBoolean());
        Assert.Equal(1, body.GetProperty("usage").GetProperty("used").GetInt64());
        Assert.Equal(4, api.Model.Requests);
    }

    [Fact]
    public async Task Chat_WhenOnlyTheFallbackAnswers_SaysSoAndOffersFewerTools()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(s_empty, s_empty, s_empty, Reply.ToolCall("show_order", """{"orderNumber":"1"}"""), Reply.Text(Good));

        (int status, JsonElement body, _) = await api.AskAsync("chloe", "Where is my order?");

        Assert.Equal(200, status);
        Assert.True(body.GetProperty("fallback").GetBoolean());
        Assert.Equal(5, body.GetProperty("attempts").GetInt32());
        JsonElement[] requests = [.. api.Model.Bodies];
        Assert.Equal(4, requests[0].GetProperty("tools").GetArrayLength());
        Assert.Equal(1, requests[4].GetProperty("tools").GetArrayLength());
        Assert.Equal("system", requests[4].GetProperty("messages")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task Chat_WhenAllAttemptsFail_Returns502WithGuidanceAndChargesNothing()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(s_empty);

        (int status, JsonElement body, HttpResponseMessage response) = await api.AskAsync("dora", "Where is my order?");

        Assert.Equal(502, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("This request was not counted.", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, body.GetProperty("attempts").GetInt32());
        Assert.Equal(0, (await api.UsageAsync("dora")).GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Chat_WhenConnectionsAreDropped_Returns502AndChargesNothing()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Drop);

        (int status, _, _) = await api.AskAsync("emil", "Where is my order?");

        Assert.Equal(502, status);
        Assert.Equal(5, api.Model.Requests);
        Assert.Equal(0, (await api.UsageAsync("emil")).GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Chat_WhenLimitIsReached_Returns429AndAsksNobody()
    {
        await using SampleApi api = await SampleApi.StartAsync(limit: 1);
        api.Model.Replies(Reply.Text(Good));
        await api.AskAsync("finn", "One?");

        (int status, JsonElement body, HttpResponseMessage response) = await api.AskAsync("finn", "Two?");

        Assert.Equal(429, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, body.GetProperty("used").GetInt64());
        Assert.Equal(1, body.GetProperty("limit").GetInt64());
        DateTimeOffset resetsAt = body.GetProperty("resetsAt").GetDateTimeOffset();
        TimeSpan wait = response.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromHours(25));
        Assert.InRange(TimeProvider.System.GetUtcNow() + wait - resetsAt, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
        Assert.Equal(1, api.Model.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task Chat_WhenModelRefusesTheCall_Returns502WithoutItsWords(int upstream)
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Status(upstream, "Incorrect API key provided: sk-secret-of-the-test."));

        (int status, JsonElement body, _) = await api.AskAsync("gina", "Where is my order?");

        Assert.Equal(502, status);
        Assert.DoesNotContain("sk-secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, api.Model.Requests);
        Assert.Equal(0, (await api.UsageAsync("gina")).GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Chat_WhenContentIsFiltered_Returns422OnceAndChargesNothing()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Text("", "content_filter"));

        (int status, _, _) = await api.AskAsync("hans", "Where is my order?");

        Assert.Equal(422, status);
        Assert.Equal(1, api.Model.Requests);
        Assert.Equal(0, (await api.UsageAsync("hans")).GetProperty("used").GetInt64());
    }

    [Theory]
    [InlineData("""{ "message": "Hello?" }""", "userId")]
    [InlineData("""{ "userId": " ", "message": "Hello?" }""", "userId")]
    [InlineData("""{ "userId": "a\nb", "message": "Hello?" }""", "userId")]
    [InlineData("""{ "userId": 5, "message": "Hello?" }""", "userId")]
    [InlineData("""{ "userId": "ada" }""", "message")]
    [InlineData("""{ "userId": "ada", "message": "" }""", "message")]
    [InlineData("""{ "userId": "ada", "message": {} }""", "message")]
    [InlineData("""{ "userId": "ada", "message": "\ud800" }""", "message")]
    [InlineData("[]", "body")]
    [InlineData("", "body")]
    public async Task Chat_WhenRequestIsWrong_Returns400NamingTheField(string json, string field)
    {
        await using SampleApi api = await SampleApi.StartAsync();

        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        (int status, JsonElement body, _) = await SampleApi.ReadAsync(await api.Client.PostAsync("/chat", content, TestContext.Current.CancellationToken));

        Assert.Equal(400, status);
        Assert.True(body.GetProperty("errors").TryGetProperty(field, out _), body.GetRawText());
        Assert.Equal(0, api.Model.Requests);
    }

    [Fact]
    public async Task Chat_WhenMessageIsTooLong_Returns400NamingIt()
    {
        await using SampleApi api = await SampleApi.StartAsync();

        (int status, JsonElement body, _) = await api.AskAsync("ada", new string('x', 16_001));

        Assert.Equal(400, status);
        Assert.True(body.GetProperty("errors").TryGetProperty("message", out _));
    }

    [Fact]
    public async Task Chat_WhenMessageHasWhiteSpaceAndUnicode_SendsItUnchanged()
    {
        const string Message = "\uFEFF \t Grüße\u0301 👩‍👩‍👧\u200B\r\n\"<script>\" \\u0041 \0 \u2028 end \n";
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Text(Good));

        await api.AskAsync("ivy", Message);

        JsonElement message = Assert.Single(api.Model.Bodies).GetProperty("messages")[0];
        Assert.Equal("user", message.GetProperty("role").GetString());
        Assert.Equal(Message, message.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Usage_WhenUserIsNew_ReturnsZeroUsed()
    {
        await using SampleApi api = await SampleApi.StartAsync(limit: 7);

        JsonElement usage = await api.UsageAsync("jo");

        Assert.Equal(["used", "limit", "remaining", "resetsAt"], usage.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(0, usage.GetProperty("used").GetInt64());
        Assert.Equal(7, usage.GetProperty("remaining").GetInt64());
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/chat.js", "text/javascript")]
    [InlineData("/style.css", "text/css")]
    public async Task Page_WhenAskedFor_IsServedFromTheProgramItself(string path, string mediaType)
    {
        await using SampleApi api = await SampleApi.StartAsync();

        using HttpResponseMessage response = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("://", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
