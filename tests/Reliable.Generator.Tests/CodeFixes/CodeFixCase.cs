using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.CodeFixes;

/// <summary>One document before and after a fix.</summary>
internal static class CodeFixCase
{
    /// <summary>Asserts what a fix makes of a document, and that nothing is wrong with the result.</summary>
    public static async Task AssertAsync(string id, string title, string before, string after)
    {
        using CodeFixRun run = new(before);
        await run.ApplyAsync(id, title);

        Assert.Equal(after, Assert.Single(await run.TextsAsync()), ignoreLineEndingDifferences: true);
        await run.AssertCleanAsync();
    }
}
