using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.CodeFixes;

public sealed class CallWrapperFixTests
{
    [Theory]
    [InlineData("AskCoreAsync(\"u\", 3, default, ct)", "AskAsync(\"u\", 3, ct)")]
    [InlineData("this.AskCoreAsync(\"u\", ct: ct, n: 3, attempt: default)", "this.AskAsync(\"u\", cancellationToken: ct, number: 3)")]
    [InlineData("new C(null!).AskCoreAsync(\"u\", 3, default, default).ContinueWith(t => t.Result + AskCoreAsyncText, ct, default, TaskScheduler.Default)", "new C(null!).AskAsync(\"u\", 3, default).ContinueWith(t => t.Result + AskCoreAsyncText, ct, default, TaskScheduler.Default)")]
    public Task Fix_WhenCoreIsCalled_CallsTheWrapper(string before, string after)
        => CodeFixCase.AssertAsync("REL029", "Call 'AskAsync'", Source(before), Source(after));

    [Fact]
    public Task Fix_WhenCoreIsReferredTo_RefersToTheWrapper()
        => CodeFixCase.AssertAsync("REL029", "Call 'AskAsync'", Reference("AskCoreAsync"), Reference("AskAsync"));

    [Fact]
    public async Task Fix_WhenAnArgumentWouldBeMissing_OffersNothing()
    {
        using CodeFixRun run = new("""
            public partial class C
            {
                [Retry] public static partial Task<string> AskAsync(string q, ReliableRuntime reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q) => Task.FromResult(q);
                public static Task<string> M() => AskCoreAsync("q");
            }
            """);

        Assert.Empty(await run.OffersAsync("REL029"));
    }

    private static string Source(string call) => $$"""
        public partial class C(ReliableRuntime reliable)
        {
            private const string AskCoreAsyncText = "";
            [Retry] public partial Task<string> AskAsync(string userId, int number, CancellationToken cancellationToken = default);
            private Task<string> AskCoreAsync(string userId, int n, AttemptContext attempt, CancellationToken ct) => Task.FromResult(userId);
            public Task<string> M(CancellationToken ct) => {{call}};
        }
        """;

    private static string Reference(string name) => $$"""
        public partial class C(ReliableRuntime reliable)
        {
            [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
            private Task<string> AskCoreAsync(string q, CancellationToken ct) => Task.FromResult(q);
            public Func<string, CancellationToken, Task<string>> M() => {{name}};
        }
        """;
}
