using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Reliable.Integration.Tests.Sample;

/// <summary>The sample's page in a real browser, while an answer is being written: what its user sees, and when the quota moves.</summary>
public sealed class ChatPageTests(ChromiumBrowser browser) : IClassFixture<ChromiumBrowser>
{
    private static readonly LocatorAssertionsToHaveTextOptions s_text = new() { Timeout = 60_000 };
    private static readonly LocatorAssertionsToContainTextOptions s_part = new() { Timeout = 60_000 };

    [Fact]
    public async Task Page_WhenAnswerIsBeingWritten_ShowsTheTextArrivingAndMovesTheQuotaAtTheEnd()
    {
        await using SampleApi api = await SampleApi.StartAsync(idleTimeout: "00:01:00");
        var more = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        api.Model.Replies(async context =>
        {
            await Send(context, "Your order", " is on");
            await more.Task;
            await Send(context, " its way.");
            await end.Task;
            await Finish(context);
        });
        List<string> complaints = [];
        IPage page = await browser.OpenAsync(api.Client.BaseAddress!, complaints);
        await Quota(page, "0 of 50");

        await AskAsync(page);

        ILocator answer = page.Locator("#log .answer.writing p");
        await Assertions.Expect(answer).ToHaveTextAsync("Your order is on", s_text);
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("is writing", s_part);
        await Quota(page, "0 of 50");
        more.SetResult();
        await Assertions.Expect(answer).ToHaveTextAsync("Your order is on its way.", s_text);
        await Quota(page, "0 of 50");
        await TakePictureAsync(page, "writing");
        end.SetResult();
        await Quota(page, "1 of 50");
        await Assertions.Expect(page.Locator("#log .answer:not(.writing) p")).ToHaveTextAsync("Your order is on its way.", s_text);
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("", s_text);
        await TakePictureAsync(page, "written");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_WhenAnswerIsAskedForAgain_SaysSoAndShowsTheSecondAlone()
    {
        await using SampleApi api = await SampleApi.StartAsync(idleTimeout: "00:01:00");
        var go = new TaskCompletionSource();
        api.Model.Replies(
            async context =>
            {
                await Send(context, "Ok.");
                await Finish(context);
            },
            async context =>
            {
                await go.Task;
                await Send(context, "Your order is on", " its way.");
                await Finish(context);
            });
        List<string> complaints = [];
        IPage page = await browser.OpenAsync(api.Client.BaseAddress!, complaints);

        await AskAsync(page);

        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("attempt 2 of 4", s_part);
        await Assertions.Expect(page.Locator("#log .answer")).ToHaveCountAsync(0);
        await Quota(page, "0 of 50");
        await TakePictureAsync(page, "retrying");
        go.SetResult();
        await Quota(page, "1 of 50");
        await Assertions.Expect(page.Locator("#log .answer p")).ToHaveTextAsync("Your order is on its way.", s_text);
        await Assertions.Expect(page.Locator("#log .answer small")).ToHaveTextAsync("Needed 2 attempts. Counted once.", s_text);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_WhenAnswerIsCutOff_SaysThatItIsNotCounted()
    {
        await using SampleApi api = await SampleApi.StartAsync(idleTimeout: "00:01:00");
        api.Model.Replies(static context => Send(context, "Your order is on"));
        List<string> complaints = [];
        IPage page = await browser.OpenAsync(api.Client.BaseAddress!, complaints);

        await AskAsync(page);

        await Assertions.Expect(page.Locator("#log .answer.broken small")).ToHaveTextAsync("Incomplete, and not counted.", s_text);
        await Assertions.Expect(page.Locator("#log .answer p")).ToHaveTextAsync("Your order is on", s_text);
        await Quota(page, "0 of 50");
        await TakePictureAsync(page, "broken");
        Assert.Empty(complaints);
    }

    private static Task Quota(IPage page, string text) => Assertions.Expect(page.Locator("#used")).ToHaveTextAsync(text, s_text);

    private static async Task AskAsync(IPage page)
    {
        await page.Locator("#message").FillAsync("Where is my order?");
        await page.Locator("#message").PressAsync("Enter");
    }

    private static async Task TakePictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RELIABLE_TEST_SCREENSHOTS") is { Length: > 0 } directory)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, $"chat-{name}.png") });
    }

    private static async Task Send(HttpContext context, params string[] words)
    {
        foreach (string word in words)
            await WriteAsync(context, Chunk(new { content = word }, null));
    }

    private static async Task Finish(HttpContext context)
    {
        await WriteAsync(context, Chunk(new { }, "stop"));
        await WriteAsync(context, "[DONE]");
    }

    private static async Task WriteAsync(HttpContext context, string data)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";

        await context.Response.WriteAsync($"data: {data}\n\n");
        await context.Response.Body.FlushAsync();
    }

    private static string Chunk(object delta, string? reason)
        => JsonSerializer.Serialize(new { id = "1", @object = "chat.completion.chunk", created = 1, model = "scripted", choices = new[] { new { index = 0, delta, finish_reason = reason } } });
}
