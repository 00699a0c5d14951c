using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.CodeFixes;

public sealed class AddAttemptMethodFixTests
{
    [Fact]
    public Task Fix_WhenCoreIsMissing_AddsIt()
        => CodeFixCase.AssertAsync("REL004", "Add 'AskCoreAsync'", """
            public partial class Assistant
            {
                [Retry]
                public partial Task<List<string?>> AskAsync<T>(in T attempt, ReliableRuntime other, CancellationToken ct = default, params string[] tags)
                    where T : struct;

                public int Other => 1;
            }
            """, """
            public partial class Assistant
            {
                [Retry]
                public partial Task<List<string?>> AskAsync<T>(in T attempt, ReliableRuntime other, CancellationToken ct = default, params string[] tags)
                    where T : struct;

                private Task<List<string?>> AskCoreAsync<T>(in T attempt, string[] tags, AttemptContext attempt2, CancellationToken ct) where T : struct
                    => throw new NotImplementedException();

                public int Other => 1;
            }
            """);

    [Fact]
    public Task Fix_WhenTheMethodIsTheLastAndStatic_AddsAStaticOne()
        => CodeFixCase.AssertAsync("REL004", "Add 'AskCore'", """
            public static partial class Assistant
            {
                [Retry] public static partial ValueTask Ask(this string q, ReliableRuntime reliable, CancellationToken ct);
            }
            """, """
            public static partial class Assistant
            {
                [Retry] public static partial ValueTask Ask(this string q, ReliableRuntime reliable, CancellationToken ct);

                private static ValueTask AskCore(string q, AttemptContext attempt, CancellationToken ct)
                    => throw new NotImplementedException();
            }
            """);

    [Fact]
    public Task Fix_WhenTheFallbackIsMissing_AddsItBelowCore()
        => CodeFixCase.AssertAsync("REL008", "Add 'AskSimplyAsync'", """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry(Fallback = "AskSimplyAsync")]
                public partial Task<string> AskAsync(string question, CancellationToken cancellationToken);

                private Task<string> AskCoreAsync(string question) => Task.FromResult(question);
            }
            """, """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry(Fallback = "AskSimplyAsync")]
                public partial Task<string> AskAsync(string question, CancellationToken cancellationToken);

                private Task<string> AskCoreAsync(string question) => Task.FromResult(question);

                private Task<string> AskSimplyAsync(string question, AttemptContext attempt, CancellationToken cancellationToken)
                    => throw new NotImplementedException();
            }
            """);

    [Fact]
    public Task Fix_WhenTheFallbackOfAnInterfaceIsMissing_DeclaresIt()
        => CodeFixCase.AssertAsync("REL008", "Add 'AskSimplyAsync'", """
            public interface IAssistant
            {
                [Retry(Fallback = "AskSimplyAsync")]
                Task<string> AskAsync(string question, CancellationToken ct);
            }
            """, """
            public interface IAssistant
            {
                [Retry(Fallback = "AskSimplyAsync")]
                Task<string> AskAsync(string question, CancellationToken ct);

                Task<string> AskSimplyAsync(string question, CancellationToken ct);
            }
            """);

    [Fact]
    public async Task Fix_WhenTheFallbackIsNoName_OffersNothing()
    {
        using CodeFixRun run = new(Consumer.Method("[Retry(Fallback = \"not a name\")]"));

        Assert.Empty(await run.OffersAsync("REL008"));
    }
}
