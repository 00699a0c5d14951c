using Microsoft.Playwright;
using Reliable.Integration.Tests.Deploy;

namespace Reliable.Integration.Tests.Sample;

public sealed class LivePageTests
{
    private const string Good = "A good answer, long enough to show.";

    // The sizes of a desktop and of a phone.
    [Theory]
    [InlineData(1280, 900)]
    [InlineData(360, 740)]
    public async Task Page_WhenCallsAreMade_ShowsThemWithoutBeingReloaded(int width, int height)
    {
        string chromium = Tool.Require("chromium", "chromium", "chromium-browser", "google-chrome");
        await using SampleApi api = await SampleApi.StartAsync();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);

        await page.GotoAsync(new Uri(api.Client.BaseAddress!, "/reliable").ToString());
        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Healthy");
        await Assertions.Expect(page.Locator("#requests")).ToHaveTextAsync("0");
        await Assertions.Expect(page.Locator("#models")).ToContainTextAsync("No model was called yet.");

        api.Model.Replies(Reply.Text(""), Reply.Text(Good), Reply.Text(""));
        for (int i = 0; i < 11; i++)
        {
            await api.AskAsync("ada", "Where is my order?");
        }

        await Assertions.Expect(page.Locator("#requests")).ToHaveTextAsync("11");
        await Assertions.Expect(page.Locator("#retries")).ToHaveTextAsync("31");
        await Assertions.Expect(page.Locator("#charged")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#notCharged")).ToHaveTextAsync("10");
        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Unhealthy");
        await Assertions.Expect(page.Locator("#mark")).ToHaveTextAsync("✕");
        await Assertions.Expect(page.Locator("#findings li")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#rejections tbody")).ToContainTextAsync("Empty");
        await Assertions.Expect(page.Locator("#models tbody")).ToContainTextAsync("scripted");
        await Assertions.Expect(page.Locator("#phases tbody tr")).ToHaveCountAsync(4);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        if (Environment.GetEnvironmentVariable("RELIABLE_TEST_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, $"reliable-{width}.png"), FullPage = true });
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_WhenTheServiceIsGone_SaysSoAndKeepsTheNumbers()
    {
        string chromium = Tool.Require("chromium", "chromium", "chromium-browser", "google-chrome");
        await using SampleApi api = await SampleApi.StartAsync();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(api.Client.BaseAddress!, "/reliable").ToString());
        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Healthy");

        await page.RouteAsync("**/reliable/numbers", static route => route.AbortAsync());

        await Assertions.Expect(page.Locator("#age")).ToContainTextAsync("cannot be reached");
        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Healthy");
        await page.UnrouteAsync("**/reliable/numbers");
        await Assertions.Expect(page.Locator("#age")).ToContainTextAsync("renewed every two seconds");
    }

    [Fact]
    public async Task Page_WhenReadAloud_HasNamesForEverything()
    {
        string chromium = Tool.Require("chromium", "chromium", "chromium-browser", "google-chrome");
        await using SampleApi api = await SampleApi.StartAsync();
        await api.AskAsync("ada", "Where is my order?");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(api.Client.BaseAddress!, "/reliable").ToString());

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveCountAsync(1);
        foreach (string name in (string[])["Health", "Since the start", "Time Reliable adds, against its budget of 27 ms", "How requests ended", "Why answers were rejected", "By model"])
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = name, Exact = true })).ToHaveCountAsync(1);
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new PageGetByRoleOptions { Name = "commit" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Healthy, 100 of 100");
        Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('table')].filter(t => t.tHead === null || [...t.tHead.rows[0].cells].some(c => c.scope !== 'col')).map(t => t.id)"));
    }
}
