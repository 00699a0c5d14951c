namespace Reliable.Generator.Tests.Shapes;

/// <summary>Partial methods of many shapes, each of which must compile as it is.</summary>
internal static class PartialMethodShapes
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["value task"] = """
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial ValueTask<string> AskAsync(string q, CancellationToken ct);
                private ValueTask<string> AskCoreAsync(string q, CancellationToken ct) => new(q);
            }
            """,
        ["name without Async"] = """
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> Ask(string q, CancellationToken ct);
                private static Task<string> AskCore(string q) => Task.FromResult(q);
            }
            """,
        ["no parameter"] = """
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync();
                private Task<string> AskCoreAsync() => Task.FromResult("");
            }
            """,
        ["static without state"] = """
            public static partial class C
            {
                [Retry] public static partial Task<string> AskAsync(ReliableRuntime reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(AttemptContext attempt) => Task.FromResult("");
            }
            """,
        ["static with one parameter"] = """
            public static partial class C
            {
                [Retry] public static partial Task<string> AskAsync(string q, ReliableRuntime reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q, CancellationToken ct) => Task.FromResult(q);
            }
            """,
        ["static whose core takes the runtime"] = """
            public static partial class C
            {
                [Retry] public static partial Task<string> AskAsync(string q, ReliableRuntime reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q, ReliableRuntime reliable, CancellationToken ct) => Task.FromResult(q);
            }
            """,
        ["extension method"] = """
            public static partial class C
            {
                [Retry] public static partial Task<string> AskAsync(this string q, ReliableRuntime reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q, CancellationToken ct) => Task.FromResult(q);
            }
            """,
        ["static with a static field"] = """
            public partial class C
            {
                private static readonly ReliableRuntime s_reliable = null!;
                [Retry] public static partial Task<string> AskAsync(string s_reliable, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q, CancellationToken ct) => Task.FromResult(q + s_reliable);
            }
            """,
        ["generic class"] = """
            public partial class C<T, TKey>(ReliableRuntime reliable) where T : class, new() where TKey : notnull
            {
                [Retry(Fallback = nameof(OtherAsync))] public partial Task<T> AskAsync(TKey key, T? value, CancellationToken ct);
                private Task<T> AskCoreAsync(TKey key, T? value) => Task.FromResult(new T());
                private static Task<T> OtherAsync(TKey key, T? value, AttemptContext attempt) => Task.FromResult(new T());
            }
            """,
        ["generic methods with constraints"] = """
            public interface IShape;
            public class Base;
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<T> OneAsync<T>(T value, CancellationToken ct) where T : class?;
                private Task<T> OneCoreAsync<T>(T value) where T : class? => Task.FromResult(value);
                [Retry] public partial Task<T> TwoAsync<T, U>(T value, U[] others, CancellationToken ct) where T : struct, IComparable<T> where U : Base, IShape, new();
                private Task<T> TwoCoreAsync<T, U>(T value, U[] others) where T : struct, IComparable<T> where U : Base, IShape, new() => Task.FromResult(value);
                [Retry] public partial Task<T?> ThreeAsync<T>(T? value, CancellationToken ct);
                private Task<T?> ThreeCoreAsync<T>(T? value) => Task.FromResult(value);
                [Retry] public partial Task<T> FourAsync<T>(T value, CancellationToken ct) where T : unmanaged;
                private Task<X> FourCoreAsync<X>(X value) where X : struct => Task.FromResult(value);
                [Retry] public partial Task<T> FiveAsync<T, U>(U value, CancellationToken ct) where T : notnull, U where U : IEnumerable<T?>;
                private Task<A> FiveCoreAsync<A, B>(B value) where A : notnull, B where B : IEnumerable<A?> => throw new InvalidOperationException();
                [Retry] public partial Task<int> SixAsync<T>(CancellationToken ct);
                private Task<int> SixCoreAsync<T>() => Task.FromResult(1);
            }
            """,
        ["nested in everything"] = """
            namespace A.@namespace
            {
                public partial interface IOuter<TIn, TOut>
                {
                    public partial record class R<T>(ReliableRuntime Runtime)
                    {
                        internal readonly partial record struct S<U>(ReliableRuntime Runtime, T Value)
                        {
                            private partial struct @struct<V>(ReliableRuntime r)
                            {
                                [Retry] public readonly partial Task<(T, U, V)> AskAsync(V v, CancellationToken ct);
                                private readonly Task<(T, U, V)> AskCoreAsync(V v) => throw new InvalidOperationException();
                            }

                            [Retry] internal partial Task<U> AskAsync(U u, CancellationToken ct);
                            private Task<U> AskCoreAsync(U u) => Task.FromResult(u);
                        }
                    }
                }
            }
            """,
        ["record with a positional runtime"] = """
            namespace N;
            public sealed partial record Assistant(ReliableRuntime Reliable, string Model)
            {
                [Retry] public partial Task<string> AskAsync(string Reliable, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult(q + Model);
            }
            """,
        ["struct with a field"] = """
            public partial struct S
            {
                private ReliableRuntime _reliable;
                public S(ReliableRuntime reliable) => _reliable = reliable;
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            }
            """,
        ["static method of a ref struct"] = """
            public ref partial struct S
            {
                [Retry] public static partial Task<string> AskAsync(ReliableRuntime reliable, string q, CancellationToken ct);
                private static Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            }
            """,
        ["keywords as names"] = """
            namespace @event.@class;
            public partial class @new(ReliableRuntime @base)
            {
                [Retry(Fallback = "if"), UsageTransaction]
                public partial Task<string> @return([UserId] string @this, int @int, [CorrelationId] string @await, @default @record, CancellationToken @void);
                private Task<string> returnCore(string @this, int @int, string @await, @default @record, AttemptContext @default) => Task.FromResult(@this);
                private Task<string> @if(string @this, int @int, string @await, @default @record) => Task.FromResult(@this);
            }
            public class @default;
            """,
        ["unicode names"] = """
            namespace Überraschung.日本;
            public partial class Ärger(ReliableRuntime zuverlässig)
            {
                [Retry, ValidateResponse, UsageTransaction(Counter = "größe \"\\\n\u2028 日")]
                public partial Task<string> ÄtzendAsync(string userId, string frage_ж, int 数, CancellationToken ct);
                private Task<string> ÄtzendCoreAsync(string userId, string frage_ж, int 数) => Task.FromResult(frage_ж);
            }
            """,
        ["names of ours"] = """
            public partial class C
            {
                private readonly ReliableRuntime _inner = null!;
                [Retry]
                public partial Task<string> AskAsync(string self, string state, string attempt, string token, string inner, string fallback, int s_askAsyncPolicy, string _inner, CancellationToken cancellationToken);
                private Task<string> AskCoreAsync(string self, string state, string attempt, string token, string inner, string fallback, int s_askAsyncPolicy, string _inner, AttemptContext context) => Task.FromResult(self);
            }
            """,
        ["names that tuples keep"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry]
                public partial Task<string> AskAsync(int Item1, int Item2, int item3, int Item9, int Rest, int ToString, int Equals, int GetHashCode, int CompareTo, int Deconstruct, int RestArgument, int selfArgument, int self, CancellationToken ct);
                private Task<string> AskCoreAsync(int Item1, int Item2, int item3, int Item9, int Rest, int ToString, int Equals, int GetHashCode, int CompareTo, int Deconstruct, int RestArgument, int selfArgument, int self) => Task.FromResult("");
                [Retry] public static partial Task<string> OneAsync(ReliableRuntime r, int Item2, CancellationToken ct);
                private static Task<string> OneCoreAsync(int Item2) => Task.FromResult("");
            }
            """,
        ["a member with the name of the field"] = """
            public partial class C(ReliableRuntime r)
            {
                private readonly int s_askAsyncPolicy = 1;
                [Retry] public partial Task<string> AskAsync(int a, CancellationToken ct);
                private Task<string> AskCoreAsync(int a) => Task.FromResult(a.ToString() + s_askAsyncPolicy);
                [Retry] public partial Task<string> askAsync(int a, CancellationToken ct);
                private Task<string> askCoreAsync(int a) => Task.FromResult(a.ToString());
            }
            """,
        ["overloads"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync(string q, int n, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync<T>(string q, T t, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync(in int n, CancellationToken ct);
                public Task<string> AskAsync(object other) => Task.FromResult("");
                private Task<string> AskCoreAsync(string q) => Task.FromResult("");
                private Task<string> AskCoreAsync(string q, AttemptContext attempt) => Task.FromResult("");
                private Task<string> AskCoreAsync(string q, int n) => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(string q, T t) => Task.FromResult("");
                private Task<string> AskCoreAsync(in int n) => Task.FromResult("");
            }
            """,
        ["default values"] = """
            public enum Colour { Red, Green }
            public partial class C(ReliableRuntime r)
            {
                [Retry]
                public partial Task<string> AskAsync(
                    string q = "a \"quoted\" \\ {0} \u2028", char c = '\'', decimal d = 1.5m, double e = double.NaN, Colour colour = Colour.Green, DayOfWeek? day = null,
                    string? n = null, int? i = 5, Guid id = default, DateTime when = default, object? o = null, nint p = 3, float f = 1e10f, CancellationToken ct = default);
                private Task<string> AskCoreAsync(
                    string q, char c, decimal d, double e, Colour colour, DayOfWeek? day, string? n, int? i, Guid id, DateTime when, object? o, nint p, float f) => Task.FromResult(q);
            }
            """,
        ["params"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<string> AskAsync(CancellationToken ct, params string[] tags);
                private Task<string> AskCoreAsync(params string[] tags) => Task.FromResult(tags[0]);
                [Retry(Fallback = nameof(X))] public partial Task<string> TellAsync(int a, CancellationToken ct, params int?[] tags);
                private Task<string> TellCoreAsync(int a, int?[] tags, CancellationToken ct) => Task.FromResult("");
                private Task<string> X(int a, CancellationToken ct, params int?[] tags) => Task.FromResult("");
            }
            """,
        ["in and ref readonly"] = """
            public readonly struct Big;
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<string> AskAsync(in Big big, in string userId, CancellationToken ct);
                private Task<string> AskCoreAsync(in Big big, in string userId, in AttemptContext attempt, in CancellationToken ct) => Task.FromResult("");
                [Retry] public partial Task<string> TellAsync(in Big big, in CancellationToken ct);
                private Task<string> TellCoreAsync(Big big, AttemptContext attempt, CancellationToken ct) => Task.FromResult("");
                [Retry] public partial Task<string> SayAsync(ref readonly Big big, scoped in Big other, CancellationToken ct);
                private Task<string> SayCoreAsync(ref readonly Big big, in Big other) => Task.FromResult("");
            }
            """,
        ["nullable annotations"] = """
            using System.Diagnostics.CodeAnalysis;
            public partial class C
            {
                private ReliableRuntime? Reliable { get; set; }
                [Retry, UsageTransaction] public partial Task<string?> AskAsync(string? userId, List<string?>? list, Dictionary<string, string?[]?> map, string?[]?[] grid, [AllowNull] string text, CancellationToken ct = default);
                private Task<string?> AskCoreAsync(string? userId, List<string?>? list, Dictionary<string, string?[]?> map, string?[]?[] grid, string? text) => Task.FromResult(userId);
                [Retry] public partial Task<string> TellAsync(string text, CancellationToken ct);
                private Task<string> TellCoreAsync(string? text) => Task.FromResult(text ?? "");
            }
            """,
        ["tuples"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<(string Answer, int @class)> AskAsync((int a, (string? b, int)) pair, (int, int, int, int, int, int, int, int h) eight, CancellationToken ct);
                private Task<(string Answer, int @class)> AskCoreAsync((int a, (string? b, int)) pair, (int, int, int, int, int, int, int, int h) eight) => Task.FromResult(("", 1));
                [Retry] public partial Task<(string Answer, int n)> TellAsync((int a, int b) pair, CancellationToken ct);
                private Task<(string, int)> TellCoreAsync((int, int) pair) => Task.FromResult(("", 1));
            }
            """,
        ["dynamic"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<string> AskAsync(dynamic q, dynamic? n, List<dynamic> list, CancellationToken ct);
                private Task<string> AskCoreAsync(dynamic q, dynamic? n, List<dynamic> list) => Task.FromResult("");
                [Retry] public partial Task<dynamic> TellAsync(dynamic q, CancellationToken ct);
                private Task<dynamic> TellCoreAsync(object q) => Task.FromResult(q);
            }
            """,
        ["attempt, token and progress anywhere"] = """
            public partial class C(ReliableRuntime r)
            {
                [Retry] public partial Task<string> AskAsync(IProgress<RetryStatus>? progress, string q, CancellationToken ct, int n, AttemptContext attempt = default);
                private Task<string> AskCoreAsync(AttemptContext attempt, string q, IProgress<RetryStatus>? progress, int n, CancellationToken ct) => Task.FromResult(q);
                [Retry] public partial Task<string> TellAsync(IProgress<RetryStatus> progress, CancellationToken ct);
                private Task<string> TellCoreAsync(CancellationToken ct) => Task.FromResult("");
                [Retry] public partial Task<string> SayAsync();
                private Task<string> SayCoreAsync(CancellationToken ct, AttemptContext attempt) => Task.FromResult("");
            }
            """,
        ["roles by type"] = """
            public enum Tenant { A }
            public struct Key : IFormattable { public string ToString(string? format, IFormatProvider? provider) => ""; }
            public record struct Id(string Value) { public override string ToString() => Value; }
            public partial class C(ReliableRuntime r)
            {
                [UsageTransaction] public partial Task<string> Ask1Async(Guid userId, int modelId, long? chatId, CancellationToken ct);
                private Task<string> Ask1CoreAsync(Guid userId, int modelId, long? chatId) => Task.FromResult("");
                [UsageTransaction] public partial Task<string> Ask2Async([UserId] Tenant t, [ModelId] char c, [CorrelationId] bool? b, CancellationToken ct);
                private Task<string> Ask2CoreAsync(Tenant t, char c, bool? b) => Task.FromResult("");
                [UsageTransaction] public partial Task<string> Ask3Async(Key userId, Id modelId, Id? conversationId, CancellationToken ct);
                private Task<string> Ask3CoreAsync(Key userId, Id modelId, Id? conversationId) => Task.FromResult("");
                [UsageTransaction] public partial Task<string> Ask4Async<T>(T userId, Uri modelId, Tenant? correlationId, CancellationToken ct) where T : IFormattable;
                private Task<string> Ask4CoreAsync<T>(T userId, Uri modelId, Tenant? correlationId) where T : IFormattable => Task.FromResult("");
                [UsageTransaction] public partial Task<string> Ask5Async<T>(T userId, IFormattable? modelId, List<int> chatId, CancellationToken ct) where T : struct, ISpanFormattable;
                private Task<string> Ask5CoreAsync<T>(T userId, IFormattable? modelId, List<int> chatId) where T : struct, ISpanFormattable => Task.FromResult("");
            }
            """,
        ["all values of the attributes"] = """
            public class V : IResponseValidator<object> { public ValidationResult Validate(object response) => ValidationResult.Valid; }
            public class W<T> : IAsyncResponseValidator<T> { public ValueTask<ValidationResult> ValidateAsync(T response, CancellationToken ct) => new(ValidationResult.Valid); }
            public partial class C(ReliableRuntime r)
            {
                private const string Name = "tokens";
                [Retry(MaxRetries = 2 + 1, BackoffMs = new[] { 1, 2 }, Jitter = true, AttemptTimeoutMs = 5, TotalTimeoutMs = int.MaxValue, Fallback = null)]
                [ValidateResponse(MinLength = 0, MinFollowUpLength = 3, Rules = ResponseRules.NotEmpty | ResponseRules.MinText, Validator = typeof(V))]
                [UsageTransaction(Counter = Name, Amount = 7)]
                public partial Task<string> AskAsync(string userId, CancellationToken ct);
                private Task<string> AskCoreAsync(string userId) => Task.FromResult("");

                [Retry(BackoffMs = null)]
                [ValidateResponse(Rules = (ResponseRules)1024 | ResponseRules.All, Validator = typeof(W<List<string?>>))]
                public partial Task<List<string?>> TellAsync(CancellationToken ct);
                private Task<List<string?>> TellCoreAsync() => Task.FromResult(new List<string?>());
            }
            """,
        ["modifiers"] = """
            public abstract class Root(ReliableRuntime reliable)
            {
                protected ReliableRuntime Reliable { get; } = reliable;
                public abstract Task<string> AskAsync(string q, CancellationToken ct);
                public virtual Task<string> TellAsync(string q, CancellationToken ct) => Task.FromResult(q);
                public Task<string> SayAsync(string q, CancellationToken ct) => Task.FromResult(q);
            }
            public partial class C(ReliableRuntime reliable) : Root(reliable)
            {
                [Retry] public sealed override partial Task<string> AskAsync(string q, CancellationToken ct);
                protected virtual Task<string> AskCoreAsync(string q) => Task.FromResult(q);
                [Retry] public override partial Task<string> TellAsync(string q, CancellationToken ct);
                private Task<string> TellCoreAsync(string q) => Task.FromResult(q);
                [Retry] public new partial Task<string> SayAsync(string q, CancellationToken ct);
                private Task<string> SayCoreAsync(string q) => Task.FromResult(q);
                [Retry] protected internal virtual partial Task<string> AddAsync(string q, CancellationToken ct);
                private Task<string> AddCoreAsync(string q) => Task.FromResult(q);
                [Retry] private protected partial Task<string> SubAsync(string q, CancellationToken ct);
                private Task<string> SubCoreAsync(string q) => Task.FromResult(q);
            }
            """,
        ["core and fallback in a base class"] = """
            public abstract class Root<T>
            {
                protected abstract Task<T> AskCoreAsync(T q, AttemptContext attempt);
                protected static Task<T> OtherAsync(T q) => Task.FromResult(q);
                protected readonly ReliableRuntime reliable = null!;
            }
            public partial class C : Root<string>
            {
                [Retry(Fallback = nameof(OtherAsync))] public partial Task<string> AskAsync(string q, CancellationToken ct);
                protected override Task<string> AskCoreAsync(string q, AttemptContext attempt) => Task.FromResult(q);
            }
            """,
        ["private and internal types"] = """
            internal partial class C(ReliableRuntime reliable)
            {
                private sealed record Answer(string Text);
                private protected class Question;
                [Retry] private partial Task<Answer> AskAsync(Question q, CancellationToken ct);
                private Task<Answer> AskCoreAsync(Question q) => Task.FromResult(new Answer(""));
            }
            """,
        ["documentation of their own"] = """
            public partial class C(ReliableRuntime reliable)
            {
                /// <summary>Asks.</summary>
                /// <param name="q">The question.</param>
                /// <param name="ct">Cancels.</param>
                /// <returns>An answer.</returns>
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            }
            """,
        ["obsolete and experimental"] = """
            using System.Diagnostics.CodeAnalysis;
            #pragma warning disable CS0612, CS0618, TEST001
            [Experimental("TEST001")] public class Draft;
            [Obsolete] public class Old;
            [Obsolete("because")] public class Older { public class Inner; }
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<List<Draft[]>> AskAsync(Old old, Older.Inner? older, CancellationToken ct);
                [Obsolete("yes")] private Task<List<Draft[]>> AskCoreAsync(Old old, Older.Inner? older) => throw new InvalidOperationException();
            }
            """,
        ["lower-case names"] = """
            #pragma warning disable CS8981
            public partial class lower<other>(ReliableRuntime reliable)
            {
                [Retry] public partial Task<other> ask<third>(other q, third t, CancellationToken ct);
                private Task<other> askCore<third>(other q, third t) => Task.FromResult(q);
            }
            """,
        ["messages"] = """
            public class Mine : ChatResponse;
            public partial class C(ReliableRuntime reliable)
            {
                [ValidateResponse(Rules = ResponseRules.None)] public partial Task<IList<ChatMessage>> AskAsync(CancellationToken ct);
                private Task<IList<ChatMessage>> AskCoreAsync() => throw new InvalidOperationException();
                [ValidateResponse] public partial Task<ChatMessage[]> TellAsync(CancellationToken ct);
                private Task<ChatMessage[]> TellCoreAsync() => throw new InvalidOperationException();
                [ValidateResponse] public partial Task<Mine> SayAsync(CancellationToken ct);
                private Task<Mine> SayCoreAsync() => throw new InvalidOperationException();
                [ValidateResponse] public partial Task<T> DoAsync<T>(CancellationToken ct) where T : class;
                private Task<T> DoCoreAsync<T>() => throw new InvalidOperationException();
            }
            """,
        ["field and primary constructor"] = """
            public partial class C(ReliableRuntime reliable)
            {
                private readonly ReliableRuntime _reliable = reliable;
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult(q);
            }
            """,
        ["many parameters"] = """
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<int> AskAsync(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p, int q, CancellationToken ct);
                private async Task<int> AskCoreAsync(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p, int q) { await Task.Yield(); return a; }
            }
            """,
        ["type named like a namespace of ours"] = """
            namespace N
            {
                public class System; public class Task; public class CallRunner; public class Microsoft;
                public partial class Reliable
                {
                    private global::Reliable.ReliableRuntime reliable = null!;
                    [global::Reliable.Retry] public partial global::System.Threading.Tasks.Task<string> AskAsync(global::System.Guid userId, global::System.Threading.CancellationToken ct);
                    private global::System.Threading.Tasks.Task<string> AskCoreAsync(global::System.Guid userId) => global::System.Threading.Tasks.Task.FromResult("");
                }
            }
            """,
    };
}
