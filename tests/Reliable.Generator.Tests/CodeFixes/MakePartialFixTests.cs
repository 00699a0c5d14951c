using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.CodeFixes;

public sealed class MakePartialFixTests
{
    [Fact]
    public Task Fix_WhenTheMethodHasABody_MovesItToCore()
        => CodeFixCase.AssertAsync("REL001", "Make it partial and move its body to 'AskCoreAsync'", """
            namespace Shop;

            public class Assistant(ReliableRuntime reliable)
            {
                public ReliableRuntime Runtime => reliable;

                /// <summary>Asks.</summary>
                /// <param name="userId">Who asks.</param>
                [Retry, UsageTransaction]
                public async Task<string> AskAsync(string userId, string question = "why", CancellationToken ct = default)
                {
                    await Task.Yield();
                    return question + userId; // as it was
                }

                public int Other => 1;
            }
            """, """
            namespace Shop;

            public partial class Assistant(ReliableRuntime reliable)
            {
                public ReliableRuntime Runtime => reliable;

                /// <summary>Asks.</summary>
                /// <param name="userId">Who asks.</param>
                [Retry, UsageTransaction]
                public partial Task<string> AskAsync(string userId, string question = "why", CancellationToken ct = default);

                private async Task<string> AskCoreAsync(string userId, string question, CancellationToken ct)
                {
                    await Task.Yield();
                    return question + userId; // as it was
                }

                public int Other => 1;
            }
            """);

    [Fact]
    public Task Fix_WhenTheBodyIsAnExpression_MovesItToCore()
        => CodeFixCase.AssertAsync("REL001", "Make it partial and move its body to 'AskCore'", """
            static class Outer
            {
                internal readonly struct Assistant
                {
                    [Retry]
                    static Task<T> Ask<T>(ReliableRuntime reliable, [UserId] string user, T value, CancellationToken ct)
                        where T : class
                        => Task.FromResult(value);
                }
            }
            """, """
            static partial class Outer
            {
                internal readonly partial struct Assistant
                {
                    [Retry]
                    private static partial Task<T> Ask<T>(ReliableRuntime reliable, [UserId] string user, T value, CancellationToken ct)
                        where T : class;

                    private static Task<T> AskCore<T>(ReliableRuntime reliable, string user, T value, CancellationToken ct)
                        where T : class
                        => Task.FromResult(value);
                }
            }
            """);

    [Fact]
    public Task Fix_WhenTheBodyIsAnIterator_MovesTheAttributeOfTheTokenToo()
        => CodeFixCase.AssertAsync("REL001", "Make it partial and move its body to 'StreamCoreAsync'", """
            using System.Runtime.CompilerServices;

            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry]
                public async IAsyncEnumerable<string> StreamAsync(string question, [EnumeratorCancellation] CancellationToken ct)
                {
                    await Task.Delay(1, ct);
                    yield return question;
                }
            }
            """, """
            using System.Runtime.CompilerServices;

            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry]
                public partial IAsyncEnumerable<string> StreamAsync(string question, CancellationToken ct);

                private async IAsyncEnumerable<string> StreamCoreAsync(string question, [EnumeratorCancellation] CancellationToken ct)
                {
                    await Task.Delay(1, ct);
                    yield return question;
                }
            }
            """);

    [Fact]
    public Task Fix_WhenOnlyTheTypeIsNotPartial_MakesItPartial()
        => CodeFixCase.AssertAsync("REL002", "Make 'Assistant' partial", """
            // A comment.
            class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(CancellationToken ct);
                private Task<string> AskCoreAsync() => Task.FromResult("");
            }
            """, """
            // A comment.
            partial class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(CancellationToken ct);
                private Task<string> AskCoreAsync() => Task.FromResult("");
            }
            """);

    [Fact]
    public async Task Fix_WhenTheBodyIsInAnotherFile_MovesItThere()
    {
        using CodeFixRun run = new(
            "public partial class C(ReliableRuntime reliable)\n{\n    [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);\n}\n",
            "public partial class C\n{\n    public partial Task<string> AskAsync(string q, CancellationToken ct) => Task.FromResult(q);\n}\n");
        await run.ApplyAsync("REL023", "Move the body to 'AskCoreAsync'");

        Assert.Equal(
            "public partial class C\n{\n    private Task<string> AskCoreAsync(string q, CancellationToken ct) => Task.FromResult(q);\n}\n", (await run.TextsAsync())[1]);
        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task Fix_WhenThereIsACoreMethodAlready_ThrowsNoBodyAway()
    {
        using CodeFixRun run = new("""
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public Task<string> AskAsync(CancellationToken ct) => AskCoreAsync();
                private Task<string> AskCoreAsync() => Task.FromResult("");
            }
            """);

        Assert.Empty(await run.OffersAsync("REL001"));
    }
}
