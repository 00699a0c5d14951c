using Microsoft.CodeAnalysis.CSharp;
using static Reliable.Generator.Tests.Shapes.Collection.Shape;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Methods: what they return, their modifiers, their attributes, and what attempts call.</summary>
internal static class MethodShapes
{
    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["task of a task"] = Ask("CancellationToken ct", returns: "Task<Task<string>>"),
        ["value task of a value task"] = Ask("CancellationToken ct", returns: "ValueTask<ValueTask>"),
        ["stream of streams"] = Ask("CancellationToken ct", returns: "IAsyncEnumerable<IAsyncEnumerable<int>>"),
        ["task of a stream"] = Ask("CancellationToken ct", returns: "Task<IAsyncEnumerable<string>>"),
        ["task of a tuple with nullables"] = Ask("CancellationToken ct", returns: "ValueTask<(string? a, int? b)[]?>"),
        ["task of dynamic"] = Ask("dynamic[] all, CancellationToken ct", returns: "Task<Dictionary<string, dynamic?>>"),
        ["task of native integers"] = Ask("CancellationToken ct", returns: "Task<(nint, nuint, IntPtr)>"),
        ["task of a nullable type parameter"] = Ask("CancellationToken ct", "<T>", returns: "IAsyncEnumerable<T?>"),
        ["nothing"] = Ask("CancellationToken ct", returns: "Task", attributes: "[Retry, UsageTransaction]", reported: "REL006"),
        ["nothing to validate"] = Ask("CancellationToken ct", returns: "ValueTask", attributes: "[ValidateResponse]", reported: "REL017"),
        ["void"] = new(Class("[Retry] public partial void Ask(CancellationToken ct);"), "REL003"),
        ["async void"] = new(Class("[Retry] public async void Ask(CancellationToken ct) => await Task.Yield();"), "REL022"),
        ["string"] = new(Class("[Retry] public partial string Ask(CancellationToken ct);"), "REL003"),
        ["observable"] = new(Class("[Retry] public partial IObservable<string> Ask(CancellationToken ct);"), "REL003"),
        ["enumerator"] = new(Class("[Retry] public partial IAsyncEnumerator<string> Ask(CancellationToken ct);"), "REL003"),
        ["type derived from task"] = new("public class Mine() : Task<string>(() => \"\");" + Class("[Retry] public partial Mine Ask(CancellationToken ct);"), "REL003"),
        ["task-like type of one's own"] = new("""
            using System.Runtime.CompilerServices;
            [AsyncMethodBuilder(typeof(Builder))] public class Mine; public class Builder;
            """ + Class("[Retry] public partial Mine Ask(CancellationToken ct);"), "REL003"),
        ["task of one's own with the name"] = new("namespace N { public class Task<T>; public partial class C(ReliableRuntime r) { [Retry] public partial Task<string> Ask(CancellationToken ct); } }", "REL003"),
        ["ref return"] = new(Class("[Retry] public partial ref readonly Task<string> Ask(CancellationToken ct);"), "REL003"),
        ["task that may be null"] = new(
            Class("""
            [Retry] public partial Task<string>? AskAsync(CancellationToken ct);
            private Task<string> AskCoreAsync() => Task.FromResult("");
            """)),
        ["task and core that may be null"] = new(
            Class("""
            [Retry] public partial Task<string>? AskAsync(CancellationToken ct);
            private Task<string>? AskCoreAsync() => null;
            """), "REL005"),
        ["async on the declaration"] = new(
            Class("""
            [Retry] public async partial Task<string> AskAsync(CancellationToken ct);
            private async Task<string> AskCoreAsync() { await Task.Yield(); return ""; }
            """), IsWrong: true),
        ["modifiers in every order"] = new(Class("""
            [Retry] internal protected virtual partial Task<string> A(CancellationToken ct); private Task<string> ACore() => Task.FromResult("");
            [Retry] static internal unsafe partial Task<string> B(ReliableRuntime r, CancellationToken ct); static private Task<string> BCore() => Task.FromResult("");
            [Retry] private protected virtual partial Task<string> D(CancellationToken ct); private Task<string> DCore() => Task.FromResult("");
            [Retry] unsafe public partial Task<string> E(CancellationToken ct); private Task<string> ECore() => Task.FromResult("");
            """)),
        ["abstract"] = new("public abstract partial class C { [Retry] public abstract Task<string> AskAsync(CancellationToken ct); }", "REL025"),
        ["extern"] = new("public partial class C { [Retry] public static extern Task<string> AskAsync(CancellationToken ct); }", "REL025"),
        ["not partial"] = new("public partial class C(ReliableRuntime r) { [Retry] public Task<string> AskAsync(CancellationToken ct) => Task.FromResult(r.ToString()!); }", "REL001"),
        ["body already written"] = new(Class("[Retry] public partial Task<string> AskAsync(CancellationToken ct); public partial Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");"), "REL023"),
        ["attribute on the body only"] = new(Class("public partial Task<string> AskAsync(CancellationToken ct); [Retry] public partial Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\");"), "REL023"),
        ["declared twice"] = new(Class("[Retry] public partial Task<string> AskAsync(CancellationToken ct); [Retry] public partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(\"\");"), IsWrong: true),
        ["constructor, operator, accessor, finalizer"] = new("""
            public partial class C
            {
                [Retry] public C() { }
                [Retry] ~C() { }
                [Retry] public static C operator !(C c) => c;
                public int P { [Retry] get; [ValidateResponse] set; }
                public event Action E { [UsageTransaction] add { } remove { } }
                public int this[int i] { [Retry] get => i; }
            }
            """, "REL025 REL025 REL025 REL025 REL025 REL025 REL025"),
        ["lambda and local function"] = new("public class C { public object M() { [Retry] static Task<string> Local() => Task.FromResult(\"\"); return (Local(), [UsageTransaction] () => Task.FromResult(\"\")); } }", "REL025 REL025"),
        ["explicit implementation"] = new("public interface I { Task<string> AskAsync(CancellationToken ct); } public partial class C : I { [Retry] Task<string> I.AskAsync(CancellationToken ct) => Task.FromResult(\"\"); }", "REL025"),
        ["implementation of an interface"] = new("public interface I<T> { Task<T> AskAsync(T q, CancellationToken ct = default); } public partial class C(ReliableRuntime reliable) : I<string>, I<int> { [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q) => Task.FromResult(q); [Retry] public partial Task<int> AskAsync(int q, CancellationToken ct); private Task<int> AskCoreAsync(int q) => Task.FromResult(q); }"),
        ["attributes written in every way"] = new("""
            using A = Reliable.RetryAttribute; using Ns = Reliable;
            public partial class C(ReliableRuntime reliable)
            {
                [method: A(MaxRetries = +1 + (int)0L)] [global::Reliable.ValidateResponseAttribute()] [Ns.UsageTransaction(Counter = "a" + nameof(C) + "\u2028\"\\", Amount = checked(2 * 3))]
                public partial Task<string> AskAsync(string userId, CancellationToken ct);
                private Task<string> AskCoreAsync(string userId) => Task.FromResult("");
                [Retry(BackoffMs = new int[3] { 1, 2, 3 }, Fallback = null!, Jitter = !false, AttemptTimeoutMs = default, TotalTimeoutMs = 0x7fff_ffff), Obsolete]
                public partial Task<string> TellAsync(CancellationToken ct);
                private Task<string> TellCoreAsync() => Task.FromResult("");
                [ValidateResponse(Rules = (ResponseRules)(-1), Validator = null)] public partial Task<string> SayAsync(CancellationToken ct);
                private Task<string> SayCoreAsync() => Task.FromResult("");
                [ValidateResponse(Rules = ~ResponseRules.MinText)] public partial Task<string> HearAsync(CancellationToken ct);
                private Task<string> HearCoreAsync() => Task.FromResult("");
            }
            """),
        ["attribute twice"] = new(Class("[Retry] [Retry(MaxRetries = 1)] public partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(\"\");"), IsWrong: true),
        ["values that do not compile"] = new(Class("[Retry(MaxRetries = Unknown.Value, Fallback = Missing), ValidateResponse(Validator = typeof(Missing))] public partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(\"\");"), IsWrong: true),
        ["conflicting values"] = new(Class("[Retry(MaxRetries = 0, BackoffMs = [1, 2]), ValidateResponse(MinLength = -1), UsageTransaction(Amount = 0, Counter = \" \")] public partial Task<string> AskAsync(string userId, CancellationToken ct); private Task<string> AskCoreAsync(string userId) => Task.FromResult(\"\");"), "REL012 REL013 REL013 REL014"),
        ["core name with Async in it"] = new(Class("""
            [Retry] public partial Task<string> Async(CancellationToken ct); private Task<string> CoreAsync() => Task.FromResult("");
            [Retry] public partial Task<string> AsyncAsync(CancellationToken ct); private Task<string> AsyncCoreAsync() => Task.FromResult("");
            [Retry] public partial Task<string> Core(CancellationToken ct); private Task<string> CoreCore() => Task.FromResult("");
            [Retry] public partial Task<string> async(CancellationToken ct); private Task<string> asyncCore() => Task.FromResult("");
            """)),
        ["core that is annotated itself"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            [Retry] public partial Task<string> AskCoreAsync(CancellationToken ct);
            private Task<string> AskCoreCoreAsync() => Task.FromResult("");
            """), "REL005"),
        ["core with optional parameters and params"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(string q, int n, string[] tags, CancellationToken ct);
            private Task<string> AskCoreAsync(string q, int n = 5, params string[] tags) => Task.FromResult("");
            """)),
        ["core with a parameter too many"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
            private Task<string> AskCoreAsync(string q, int n = 5) => Task.FromResult("");
            """), "REL005"),
        ["core that returns another task"] = new(Class("""
            [Retry] public partial ValueTask<string> AskAsync(string q, CancellationToken ct);
            private Task<string> AskCoreAsync(string q) => Task.FromResult("");
            """), "REL005"),
        ["core that is async void"] = new(Class("""
            [Retry] public partial Task AskAsync(string q, CancellationToken ct);
            private async void AskCoreAsync(string q) => await Task.Yield();
            """), "REL005"),
        ["core with exchanged parameters"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(string a, string b, CancellationToken ct);
            private Task<string> AskCoreAsync(string b, string a) => Task.FromResult("");
            """), "REL005"),
        ["core of an instance for a static method"] = new("public partial class C { [Retry] public static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(\"\"); }", "REL005"),
        ["overloads of core that could be confused"] = new("""
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q, AttemptContext a) => Task.FromResult("attempt " + a.Number);
                private Task<string> AskCoreAsync(object q, CancellationToken ct) => Task.FromResult("object");
                private Task<string> AskCoreAsync<T>(T q, AttemptContext a) => Task.FromResult("generic");
                private Task<string> AskCoreAsync(params object[] q) => Task.FromResult("params");
                public static Task<string> RunAsync(ReliableRuntime runtime) => new Script(runtime).AskAsync("q", default);
            }
            """, Answer: "attempt 1"),
        ["fallback of every kind"] = new(Class("""
            private const string Last = "LastAsync";
            [Retry(Fallback = Last)] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q) => Task.FromResult(""); protected internal static Task<string> LastAsync(in string q, CancellationToken ct = default, AttemptContext a = default) => Task.FromResult("");
            [Retry(Fallback = nameof(TellCoreAsync))] public partial Task<string> TellAsync(string q, CancellationToken ct); private Task<string> TellCoreAsync(string q) => Task.FromResult("");
            """)),
        ["fallback without a name"] = Ask("CancellationToken ct", attributes: "[Retry(Fallback = \"\")]", reported: "REL008"),
        ["fallback that is no name"] = Ask("CancellationToken ct", attributes: "[Retry(Fallback = \"a b.c<\\\"\")]", reported: "REL008"),
        ["fallback that is the method itself"] = Ask("CancellationToken ct", attributes: "[Retry(Fallback = nameof(AskAsync))]", reported: "REL009"),
        ["streams with the token anywhere"] = new("using System.Runtime.CompilerServices;\n" + Class("""
            [Retry] public partial IAsyncEnumerable<int> A(CancellationToken ct, string q); private async IAsyncEnumerable<int> ACore([EnumeratorCancellation] CancellationToken ct, string q) { await Task.Delay(1, ct); yield return q.Length; }
            [Retry] public partial IAsyncEnumerable<int> B(string q, CancellationToken ct, int n = 1); private async IAsyncEnumerable<int> BCore(string q, AttemptContext a, [EnumeratorCancellation] CancellationToken ct, int n) { await Task.Delay(1, ct); yield return n; }
            [Retry] public partial IAsyncEnumerable<int> D(string q); private async IAsyncEnumerable<int> DCore(string q, [EnumeratorCancellation] CancellationToken ct = default) { await Task.Delay(1, ct); yield return 1; }
            [Retry] public partial IAsyncEnumerable<int> E(CancellationToken ct); private async IAsyncEnumerable<int> ECore() { await Task.Yield(); yield return 1; }
            """)),
        ["streams that are not judged"] = Ask("CancellationToken ct", returns: "IAsyncEnumerable<int>", attributes: "[ValidateResponse]", reported: "REL017"),
        ["local names in static lambdas"] = new("""
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry(MaxRetries = 1, BackoffMs = [0], Fallback = nameof(LastAsync)), ValidateResponse(MinLength = 15)]
                public partial Task<string> AskAsync(string self, int state, string attempt, int token, int Item3);
                private Task<string> AskCoreAsync(string self, int state, string attempt, int token, int Item3) => Task.FromResult("no");
                private Task<string> LastAsync(string self, int state, string attempt, int token, int Item3, AttemptContext context) => Task.FromResult($"{self} {state} {attempt} {token} {Item3} {context.Number} {context.IsFallback}");
                public static async Task<string> RunAsync(ReliableRuntime runtime) => await new Script(runtime).AskAsync("a", 2, "c", 4, 5);
            }
            """, Answer: "a 2 c 4 5 3 True"),
        ["generic streams and structs behave"] = new("""
            public readonly partial record struct Source<T>(ReliableRuntime Reliable, T[] All) where T : notnull
            {
                [Retry] public partial IAsyncEnumerable<(T Value, U Other)> PairsAsync<U>(U other, CancellationToken ct) where U : struct;
                private async IAsyncEnumerable<(T, U)> PairsCoreAsync<U>(U other) where U : struct { foreach (T each in All) { await Task.Yield(); yield return (each, other); } }
            }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    List<string> parts = [];
                    await foreach ((string value, int other) in new Source<string>(runtime, ["a", "b"]).PairsAsync(7, default)) parts.Add(value + other);
                    return string.Join(",", parts);
                }
            }
            """, Answer: "a7,b7"),
        ["documentation is kept"] = new("""
            /// <summary>A class.</summary>
            public partial class C(ReliableRuntime reliable)
            {
                /// <summary>Asks <paramref name="q"/> of <typeparamref name="T"/>.</summary>
                /// <inheritdoc cref="object.ToString"/>
                /// <typeparam name="T">Any.</typeparam>
                /// <param name="q">The question.</param>
                /// <param name="ct">Cancels.</param>
                /// <exception cref="RetriesExhaustedException">Never.</exception>
                [Retry] public partial Task<T> AskAsync<T>(T q, CancellationToken ct);
                private Task<T> AskCoreAsync<T>(T q) => Task.FromResult(q);
            }
            """),
    };
}
