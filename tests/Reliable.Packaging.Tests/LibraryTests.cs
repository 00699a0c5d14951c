using Reliable.Packaging.Infrastructure;

namespace Reliable.Packaging;

/// <summary>A library in C# 12, without nullable annotations and implicit usings, with every analyzer on; and an application that only knows the library.</summary>
public sealed class LibraryTests(Packages packages)
{
    [Fact]
    public async Task App_WhenTheLibraryUsesThePackages_RunsItsWrappers()
    {
        Consumer consumer = packages.CreateConsumer("library");
        consumer.Copy("Library");
        consumer.Copy("App");
        await consumer.BuildAsync("App");

        IReadOnlyList<string> lines = await consumer.RunAsync("App");

        Assert.Equal(["loud: HELLO", "u1 wrote a text of 5 characters", "English: Word { Text = hello, Count = 3 }", "deep: loud", "used 3"], lines);
    }
}
