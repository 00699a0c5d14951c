using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.CodeFixes;

public sealed class AddParameterFixTests
{
    [Fact]
    public Task Fix_WhenTheUserIsMissing_AddsTheIdEverywhere()
        => CodeFixCase.AssertAsync("REL006", "Add a parameter 'userId'", """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry(Fallback = nameof(AskSimplyAsync)), UsageTransaction]
                public partial Task<string> AskAsync(string question, CancellationToken ct);

                private Task<string> AskCoreAsync(string question, AttemptContext attempt) => Task.FromResult(question);
                private Task<string> AskCoreAsync(int unrelated) => Task.FromResult("");
                private Task<string> AskSimplyAsync(string question) => Task.FromResult(question);
            }
            """, """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry(Fallback = nameof(AskSimplyAsync)), UsageTransaction]
                public partial Task<string> AskAsync(string userId, string question, CancellationToken ct);

                private Task<string> AskCoreAsync(string userId, string question, AttemptContext attempt) => Task.FromResult(question);
                private Task<string> AskCoreAsync(int unrelated) => Task.FromResult("");
                private Task<string> AskSimplyAsync(string userId, string question) => Task.FromResult(question);
            }
            """);

    [Fact]
    public Task Fix_WhenAnotherParameterIsTheUser_MarksIt()
        => CodeFixCase.AssertAsync("REL006", "'customer' is the user's id: mark it with [UserId]", """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [UsageTransaction] public partial Task<string> AskAsync(string question, Guid customer, CancellationToken ct);
                private Task<string> AskCoreAsync(string question, Guid customer) => Task.FromResult(question);
            }
            """, """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [UsageTransaction] public partial Task<string> AskAsync(string question, [UserId] Guid customer, CancellationToken ct);
                private Task<string> AskCoreAsync(string question, Guid customer) => Task.FromResult(question);
            }
            """);

    [Fact]
    public Task Fix_WhenTheTokenIsMissing_AddsItBeforeParams()
        => CodeFixCase.AssertAsync("REL021", "Add a CancellationToken", """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string question, params string[] tags);
                private Task<string> AskCoreAsync(string question, params string[] tags) => Task.FromResult(question);
            }
            """, """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string question, CancellationToken cancellationToken = default, params string[] tags);
                private Task<string> AskCoreAsync(string question, CancellationToken cancellationToken, params string[] tags) => Task.FromResult(question);
            }
            """);

    [Fact]
    public async Task Fix_WhenTheMethodIsAnInterfaces_AddsTheTokenToImplementationsToo()
    {
        using CodeFixRun run = new(
            "public interface I { [Retry] Task<string> AskAsync(string q); }\n",
            "public class C : I { public Task<string> AskAsync(string q) => Task.FromResult(q); }\n");
        await run.ApplyAsync("REL021", "Add a CancellationToken");

        Assert.Equal(
            [
                "public interface I { [Retry] Task<string> AskAsync(string q, CancellationToken cancellationToken = default); }\n",
                "public class C : I { public Task<string> AskAsync(string q, CancellationToken cancellationToken) => Task.FromResult(q); }\n",
            ],
            await run.TextsAsync());
        await run.AssertCleanAsync();
    }
}
