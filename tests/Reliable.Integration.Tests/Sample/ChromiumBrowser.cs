using Microsoft.Playwright;

namespace Reliable.Integration.Tests.Sample;

/// <summary>The Chromium of this machine, as its distribution packages it; nothing is downloaded. Tests that need it are skipped where there is none.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        string? path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
            .SelectMany(static directory => s_names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
        if (path is null)
            return;

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    /// <summary>A new page, which patiently waits for what a slow machine does; its complaints go to the list.</summary>
    public async Task<IPage> OpenAsync(Uri address, List<string> complaints)
    {
        Assert.SkipWhen(_browser is null, $"No browser on the PATH ({string.Join(", ", s_names)}). Debian, Ubuntu: sudo apt-get install chromium.");
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 900, Height = 760 } });
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();

        _playwright?.Dispose();
    }
}
