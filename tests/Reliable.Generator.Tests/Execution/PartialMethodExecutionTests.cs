namespace Reliable.Generator.Tests.Execution;

/// <summary>What arrives in the Core method and the fallback, for shapes in which something could get lost on the way.</summary>
public sealed class PartialMethodExecutionTests
{
    [Fact]
    public async Task Call_WhenNamesClashWithOurs_PassesEveryArgument()
        => Assert.Equal("1 2 3 4 5 6 7 8 9 10", await Script.RunAsync("""
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(int self, int state, int attempt, int token, int Item9, int Rest, int ToString, int Item1, int selfArgument, in int last);
                private Task<string> AskCoreAsync(int self, int state, int attempt, int token, int Item9, int Rest, int ToString, int Item1, int selfArgument, in int last)
                    => Task.FromResult(string.Join(' ', self, state, attempt, token, Item9, Rest, ToString, Item1, selfArgument, last));
                public static Task<string> RunAsync(ReliableRuntime runtime) => new Script(runtime).AskAsync(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            }
            """));

    [Fact]
    public async Task Call_WhenGeneric_PassesTypeArgumentsAndParams()
        => Assert.Equal("Int32 String 7 a|b", await Script.RunAsync("""
            public partial class Outer<T>(ReliableRuntime reliable)
            {
                [Retry] public partial ValueTask<string> AskAsync<U>(T t, CancellationToken ct, params U[] rest) where U : class;
                private ValueTask<string> AskCoreAsync<V>(T t, V[] rest) where V : class => new($"{typeof(T).Name} {typeof(V).Name} {t} {string.Join('|', (object[])rest)}");
            }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime) => await new Outer<int>(runtime).AskAsync(7, default, "a", "b");
            }
            """));

    [Fact]
    public async Task Call_WhenOverloaded_ReachesItsOwnCore()
        => Assert.Equal("string x, int 3, string x attempt 1", await Script.RunAsync("""
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string q);
                [Retry] public partial Task<string> AskAsync(int q);
                [Retry] public static partial Task<string> AskAsync(string q, ReliableRuntime r);
                private Task<string> AskCoreAsync(string q) => Task.FromResult("string " + q);
                private Task<string> AskCoreAsync(int q) => Task.FromResult("int " + q);
                private static Task<string> AskCoreAsync(string q, AttemptContext attempt) => Task.FromResult("string " + q + " attempt " + attempt.Number);
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    var script = new Plain(runtime);
                    return $"{await script.AskAsync("x")}, {await script.AskAsync(3)}, {await AskAsync("x", runtime)}";
                }
            }
            public partial class Plain(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string q);
                [Retry] public partial Task<string> AskAsync(int q);
                private Task<string> AskCoreAsync(string q) => Task.FromResult("string " + q);
                private Task<string> AskCoreAsync(int q) => Task.FromResult("int " + q);
            }
            """));

    [Fact]
    public async Task Call_WhenAStruct_WorksOnACopyOfIt()
        => Assert.Equal("1 0", await Script.RunAsync("""
            public partial struct Counter(ReliableRuntime reliable)
            {
                public int Count;
                [Retry] public partial Task<int> AskAsync();
                private Task<int> AskCoreAsync() => Task.FromResult(++Count);
            }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    Counter counter = new(runtime);
                    return $"{await counter.AskAsync()} {counter.Count}";
                }
            }
            """));

    [Fact]
    public async Task Call_WhenAttemptsFail_PassesContextAndProgress()
        => Assert.Equal("2 of 2: InvalidOperationException; then the fallback: c fallback", await Script.RunAsync("""
            public partial class Script(ReliableRuntime reliable)
            {
                private readonly List<string> _seen = [];
                [Retry(MaxRetries = 1, BackoffMs = [0], Fallback = "LastAsync")] public partial Task<string> AskAsync(string q, IProgress<RetryStatus> progress, CancellationToken ct);
                private Task<string> AskCoreAsync(string q, AttemptContext attempt) => throw new RetryableException("again", new InvalidOperationException());
                private static Task<string> LastAsync(string q, AttemptContext attempt, CancellationToken ct) => Task.FromResult(q + (attempt.IsFallback ? " fallback" : ""));
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    Reports reports = new();
                    string answer = await new Script(runtime).AskAsync("c", reports, default);
                    return $"{reports.All[0].Attempt} of {reports.All[0].MaxAttempts}: InvalidOperationException; then the fallback: {answer}";
                }
                private sealed class Reports : IProgress<RetryStatus> { public List<RetryStatus> All = []; public void Report(RetryStatus value) => All.Add(value); }
            }
            """));

    [Fact]
    public async Task Call_WhenUserIdIsANumber_ChargesItInvariantly()
        => Assert.Equal("-5: 3", await Script.RunAsync("""
            using System.Globalization;
            public partial class Script(ReliableRuntime reliable)
            {
                [UsageTransaction(Counter = "tokens", Amount = 3)] public partial Task<string> AskAsync(long userId);
                private Task<string> AskCoreAsync(long userId) => Task.FromResult("yes");
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    CultureInfo.CurrentCulture = new CultureInfo("en-US") { NumberFormat = { NegativeSign = "minus " } };
                    await new Script(runtime).AskAsync(-5);
                    return $"-5: {(await runtime.Usage.GetUsageAsync("-5", "tokens")).Used}";
                }
            }
            """));

    [Fact]
    public async Task Call_WhenAValidatorIsNamed_AsksIt()
        => Assert.Equal("good after 2", await Script.RunAsync("""
            public sealed class Even : IResponseValidator<int>
            {
                public ValidationResult Validate(int response) => response % 2 == 0 ? ValidationResult.Valid : ValidationResult.Reject("odd");
            }
            public partial class Script(ReliableRuntime reliable)
            {
                private int _count;
                [Retry(BackoffMs = [0]), ValidateResponse(Validator = typeof(Even))] public partial Task<int> AskAsync();
                private Task<int> AskCoreAsync() => Task.FromResult(++_count);
                public static async Task<string> RunAsync(ReliableRuntime runtime) => $"good after {await new Script(runtime).AskAsync()}";
            }
            """));

    [Fact]
    public async Task Call_WhenThereIsNoAnswer_RetriesAndFallsBack()
        => Assert.Equal("1 2 fallback 1, used 1", await Script.RunAsync("""
            public partial class Script(ReliableRuntime reliable)
            {
                private string _seen = "";
                [Retry(MaxRetries = 1, BackoffMs = [0], Fallback = nameof(LastAsync)), UsageTransaction] public partial ValueTask SendAsync(string userId, CancellationToken ct);
                private ValueTask SendCoreAsync(string userId, AttemptContext attempt) { _seen += attempt.Number + " "; throw new RetryableException("again"); }
                private async ValueTask LastAsync(string userId) { await Task.Yield(); _seen += "fallback "; }
                [Retry] public partial Task PingAsync(CancellationToken ct);
                private Task PingCoreAsync(AttemptContext attempt) { _seen += attempt.Number; return Task.CompletedTask; }
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    Script script = new(runtime);
                    await script.SendAsync("u", default);
                    await script.PingAsync(default);
                    return $"{script._seen}, used {(await runtime.Usage.GetUsageAsync("u")).Used}";
                }
            }
            """));

    [Fact]
    public async Task Call_WhenAStreamIsEmptyAtFirst_ShowsTheSecondOnly()
        => Assert.Equal("a good and | long answer | after 2, used 1", await Script.RunAsync("""
            using System.Runtime.CompilerServices;
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction] public partial IAsyncEnumerable<string> AskAsync(string userId, CancellationToken ct = default);
                private async IAsyncEnumerable<string> AskCoreAsync(string userId, AttemptContext attempt, [EnumeratorCancellation] CancellationToken ct)
                {
                    await Task.Delay(1, ct);
                    yield return attempt.Number == 1 ? "no" : "a good and ";
                    if (attempt.Number == 1) yield break;
                    yield return "long answer ";
                    yield return "after " + attempt.Number;
                }

                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    List<string> parts = [];
                    await foreach (string part in new Script(runtime).AskAsync("u")) parts.Add(part);
                    return $"{string.Join("| ", parts)}, used {(await runtime.Usage.GetUsageAsync("u")).Used}";
                }
            }
            """));
}
