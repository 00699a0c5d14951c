namespace Reliable.Generator.Tests.Shapes;

/// <summary>Declarations that people rarely write, each of which must compile as it is.</summary>
internal static class UnusualShapes
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["attributes through aliases and constants"] = """
            using R = Reliable.RetryAttribute;
            using Val = Reliable.ValidateResponseAttribute;
            using Text = System.Threading.Tasks.Task<string>;
            namespace N;
            internal static class Limits { public const int Retries = 1 << 1; public const string Counter = nameof(Limits) + ".\"x\""; }
            public partial class C(ReliableRuntime reliable)
            {
                private const string Last = nameof(LastAsync);
                [R(MaxRetries = Limits.Retries, Fallback = Last), Val(MinLength = sizeof(int)), UsageTransactionAttribute(Counter = Limits.Counter, Amount = (int)'a')]
                public partial Text AskAsync(string userId, CancellationToken ct);
                private Text AskCoreAsync(string userId) => Task.FromResult(userId);
                private Text LastAsync(string userId) => Task.FromResult(userId);
            }
            """,
        ["default values of every kind"] = """
            public enum Tiny : byte { A, B = 200 }
            [Flags] public enum Wide : ulong { None, Top = 1UL << 63 }
            public partial class C(ReliableRuntime reliable)
            {
                public const decimal Pi = 3.14m;
                [Retry]
                public partial Task<string> AskAsync(
                    sbyte a = -1, byte b = 255, short c = short.MinValue, ushort d = 1, uint e = uint.MaxValue, long f = long.MinValue, ulong g = ulong.MaxValue, float h = float.NaN,
                    double i = double.NegativeInfinity, double j = 1e308, decimal k = Pi, decimal? l = null, char m = '\0', char n = '"', string? o = null, string p = "line\nbreak\r\t{}\0",
                    bool q = true, bool? r = false, Tiny s = Tiny.B, Tiny? t = (Tiny)7, Wide u = Wide.Top, DateTime v = default, DateTime? w = null, nuint x = 3, Half y = default,
                    (int A, string? B) z = default, CancellationToken ct = default);
                private Task<string> AskCoreAsync(
                    sbyte a, byte b, short c, ushort d, uint e, long f, ulong g, float h, double i, double j, decimal k, decimal? l, char m, char n, string? o, string p,
                    bool q, bool? r, Tiny s, Tiny? t, Wide u, DateTime v, DateTime? w, nuint x, Half y, (int A, string? B) z) => Task.FromResult(p);
            }
            public interface IThing { [Retry] Task<string> AskAsync(Tiny a = Tiny.B, double b = double.NaN, string c = "\"\n", decimal d = 1.50m, DateTime e = default, CancellationToken ct = default); }
            """,
        ["parameters with attributes"] = """
            using System.Diagnostics.CodeAnalysis;
            using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            public partial class C(ReliableRuntime reliable)
            {
                [Retry]
                [return: NotNull]
                public partial Task<string> AskAsync(
                    [StringSyntax(StringSyntaxAttribute.Regex)] string q, [Optional] int maybe, [Optional, DefaultParameterValue(5)] int five,
                    [CallerMemberName] string caller = "", [CallerLineNumber] int line = 0, [CallerArgumentExpression(nameof(q))] string? said = null, CancellationToken ct = default);
                private Task<string> AskCoreAsync(string q, int maybe, int five, string caller, int line, string? said) => Task.FromResult(q);
                [Retry, MethodImpl(MethodImplOptions.NoInlining), Obsolete("old")] public partial Task<T> TellAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(T value, CancellationToken ct);
                private Task<T> TellCoreAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(T value) => Task.FromResult(value);
            }
            """,
        ["collections and delegates"] = """
            public delegate ref int Picker<in T>(T value, params int[] rest) where T : allows ref struct;
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<Func<string?, Task>?[]> AskAsync(Action<int>? a, Func<(int x, string? y), dynamic> b, int[][,]?[] c, List<(int, dynamic?)[]> d, Picker<Span<int>> e, params IEnumerable<string?> f);
                private Task<Func<string?, Task>?[]> AskCoreAsync(Action<int>? a, Func<(int x, string? y), dynamic> b, int[][,]?[] c, List<(int, dynamic?)[]> d, Picker<Span<int>> e, params IEnumerable<string?> f) => throw new InvalidOperationException();
                [Retry] public partial Task<string> TellAsync(CancellationToken ct, params List<int> rest);
                private Task<string> TellCoreAsync(List<int> rest) => Task.FromResult("");
            }
            """,
        ["constraints of every kind"] = """
            public class Base<T>;
            public interface ISelf<T> where T : ISelf<T> { static abstract T Make(); }
            public partial class C<TOuter>(ReliableRuntime reliable) where TOuter : class?, IEnumerable<TOuter?>
            {
                [Retry] public partial Task<T> AAsync<T>(T value, CancellationToken ct) where T : notnull, ISelf<T>, new();
                private Task<T> ACoreAsync<T>(T value) where T : notnull, ISelf<T>, new() => Task.FromResult(value);
                [Retry] public partial Task<T> BAsync<T, U>(U value, CancellationToken ct) where T : U where U : Base<T>?;
                private Task<T> BCoreAsync<T, U>(U value) where T : U where U : Base<T>? => throw new InvalidOperationException();
                [Retry] public partial Task<T> CAsync<T>(Func<T, TOuter> value, CancellationToken ct) where T : Enum;
                private Task<T> CCoreAsync<T>(Func<T, TOuter> value) where T : Enum => throw new InvalidOperationException();
                [Retry] public partial Task<T> DAsync<T>(T value, CancellationToken ct) where T : Delegate;
                private Task<T> DCoreAsync<T>(T value) where T : Delegate => Task.FromResult(value);
                [Retry] public partial Task<int> EAsync<T>(Func<T, int> value, CancellationToken ct) where T : IDisposable, allows ref struct;
                private Task<int> ECoreAsync<T>(Func<T, int> value) where T : IDisposable, allows ref struct => Task.FromResult(1);
                [Retry] public partial Task<T?> FAsync<T>(T? value, CancellationToken ct) where T : struct, Enum;
                private Task<T?> FCoreAsync<T>(T? value) where T : struct, Enum => Task.FromResult(value);
                [Retry] public partial Task<T?> GAsync<T>(T?[] value, CancellationToken ct) where T : class;
                private Task<T?> GCoreAsync<T>(T?[] value) where T : class => Task.FromResult(value[0]);
                [Retry] public partial Task<List<T?>> HAsync<T>(CancellationToken ct) where T : notnull;
                private Task<List<T?>> HCoreAsync<T>() where T : notnull => Task.FromResult(new List<T?>());
            }
            """,
        ["generic overrides"] = """
            public abstract class Root(ReliableRuntime reliable)
            {
                protected ReliableRuntime R { get; } = reliable;
                public abstract Task<T?> AAsync<T>(T? value, CancellationToken ct) where T : class;
                public abstract Task<T?> BAsync<T>(T? value, CancellationToken ct);
                public virtual Task<T?> CAsync<T>(T? value, CancellationToken ct) where T : struct => Task.FromResult(value);
                public virtual Task<T> DAsync<T>(T value, CancellationToken ct) where T : IDisposable, new() => Task.FromResult(value);
            }
            public partial class C(ReliableRuntime reliable) : Root(reliable)
            {
                [Retry] public override partial Task<T?> AAsync<T>(T? value, CancellationToken ct) where T : class;
                private Task<T?> ACoreAsync<T>(T? value) where T : class => Task.FromResult(value);
                [Retry] public override partial Task<T?> BAsync<T>(T? value, CancellationToken ct) where T : default;
                private Task<T?> BCoreAsync<T>(T? value) => Task.FromResult(value);
                [Retry] public override partial Task<T?> CAsync<T>(T? value, CancellationToken ct) where T : struct;
                private Task<T?> CCoreAsync<T>(T? value) where T : struct => Task.FromResult(value);
                [Retry] public override partial Task<T> DAsync<T>(T value, CancellationToken ct);
                private Task<T> DCoreAsync<T>(T value) where T : IDisposable, new() => Task.FromResult(value);
            }
            """,
        ["implements interfaces"] = """
            public interface IGet<T> { Task<T> GetAsync(string q, CancellationToken ct); }
            public partial class C(ReliableRuntime reliable) : IGet<string>, IGet<int>, IAsyncDisposable
            {
                [Retry] public partial Task<string> GetAsync(string q, CancellationToken ct);
                private Task<string> GetCoreAsync(string q) => Task.FromResult(q);
                Task<int> IGet<int>.GetAsync(string q, CancellationToken ct) => Task.FromResult(1);
                [Retry] public partial ValueTask DisposeAsync();
                private ValueTask DisposeCoreAsync() => default;
            }
            """,
        ["one type in three files' worth of parts"] = """
            namespace A { public partial class C(ReliableRuntime reliable) { } }
            namespace A { partial class C { [Retry] internal partial Task<string> AskAsync(CancellationToken ct); } }
            namespace A { partial class C { private Task<string> AskCoreAsync(AttemptContext attempt, CancellationToken ct) => Task.FromResult(""); } }
            namespace A.C2 { public partial class C(ReliableRuntime reliable) { [Retry] internal partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(""); } }
            namespace B { public partial class C(ReliableRuntime reliable) { [Retry] internal partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(""); } }
            namespace A.c { public partial class C(ReliableRuntime reliable) { [Retry] internal partial Task<string> AskAsync(CancellationToken ct); private Task<string> AskCoreAsync() => Task.FromResult(""); } }
            """,
        ["documentation with a cref to everything"] = """
            /// <summary>A class of <typeparamref name="T"/>.</summary>
            /// <typeparam name="T">Any.</typeparam>
            public partial class C<T>(ReliableRuntime reliable)
            {
                /**
                 * <summary>See <see cref="AskAsync{U}(U, T, CancellationToken)"/>.</summary>
                 * <typeparam name="U">Another.</typeparam>
                 * <param name="u">A.</param><param name="t">B.</param><param name="ct">C.</param>
                 * <returns>D.</returns>
                 */
                [Retry] public partial Task<U> AskAsync<U>(U u, T t, CancellationToken ct);
                private Task<U> AskCoreAsync<U>(U u, T t) => Task.FromResult(u);
                #region a region
                #if true
                // a comment
                [Retry] /* here too */ public partial Task<T> TellAsync(T t, CancellationToken ct);
                #endif
                private Task<T> TellCoreAsync(T t) => Task.FromResult(t);
                #endregion
            }
            """,
        ["names of our types and locals"] = """
            public class CallRunner; public class CallPolicy; public class AttemptContextX; public class ValidationAttribute;
            public partial class C(global::Reliable.ReliableRuntime global)
            {
                public int CallRunner => 1; public int Reliable => 2; public int System => 3; public int RetryAttribute => 4; public string Task => "";
                [Retry, UsageTransaction] public partial global::System.Threading.Tasks.Task<string> AskAsync(string userId, int Reliable, int System, int CallRunner, int @this, CancellationToken @default);
                private global::System.Threading.Tasks.Task<string> AskCoreAsync(string userId, int Reliable, int System, int CallRunner, int @this, AttemptContext token, CancellationToken attempt) => global::System.Threading.Tasks.Task.FromResult(userId);
            }
            """,
        ["core methods of other accessibilities and kinds"] = """
            public abstract partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AAsync(string q, CancellationToken ct);
                protected abstract Task<string> ACoreAsync(string q, CancellationToken ct);
                [Retry] public partial Task<string> BAsync(string q, CancellationToken ct);
                internal virtual async Task<string> BCoreAsync(string q) { await Task.Yield(); return q; }
                [Retry] public virtual partial Task<string> CAsync(string q, CancellationToken ct);
                public static Task<string> CCoreAsync(string q, CancellationToken ct = default, AttemptContext attempt = default) => Task.FromResult(q);
                [Retry] public partial Task<string> DAsync(string q, CancellationToken ct);
                private partial Task<string> DCoreAsync(string q);
                private partial Task<string> DCoreAsync(string q) => Task.FromResult(q);
                [Retry] protected private partial Task<string> EAsync(string q, CancellationToken ct);
                private Task<string> ECoreAsync(AttemptContext a, string q, CancellationToken b) => Task.FromResult(q);
            }
            """,
    };

    public static readonly IReadOnlyDictionary<string, string> Interfaces = new Dictionary<string, string>
    {
        ["static members and operators with bodies"] = """
            public interface IThing
            {
                [Retry] Task<string> AskAsync(CancellationToken ct);
                static int Count { get; set; }
                static event Action? Changed;
                static IThing() => Count = 1;
                static string Name() => "";
                delegate void Handler(int a);
                enum Kind { A }
                record Nested(int A);
            }
            """,
        ["hidden members of several interfaces"] = """
            public interface IA { string Name { get; set; } Task<string> AskAsync(string q, CancellationToken ct); event Action E; int this[int i] { get; } }
            public interface IB : IA { new string Name { get; } new Task<int> AskAsync(string q, CancellationToken ct); new event Action E; new string this[int i] { get; } }
            public interface IC : IB, IA { [Retry] new Task<string> AskAsync(string q, CancellationToken ct); new int Name { set; } new event Action<int> E; }
            """,
        ["generic inheritance"] = """
            public interface IBase<T> where T : notnull { [Retry] Task<T> GetAsync(T key, CancellationToken ct); bool TryGet(T key, out T? value); IEnumerable<U> Map<U>(Func<T, U> map) where U : T; }
            public interface IDerived<TKey> : IBase<List<TKey>>, IBase<string> where TKey : struct { [Retry] Task<TKey?> FindAsync(TKey key, CancellationToken ct); }
            """,
        ["reabstraction and default implementations"] = """
            public interface IA { Task<string> AskAsync(CancellationToken ct) => Task.FromResult(""); int P => 1; }
            public interface IB : IA { abstract Task<string> IA.AskAsync(CancellationToken ct); int IA.P => 2; [Retry] Task<string> TellAsync(CancellationToken ct) => AskAsync(ct); }
            """,
        ["events and properties of odd types"] = """
            public interface IThing<T> where T : class?
            {
                [Retry] Task<T> AskAsync(CancellationToken ct);
                event Func<T, dynamic?, (int a, string? b)>? Odd;
                dynamic Dynamic { get; set; }
                (T? First, List<T?>? Others) Pair { get; set; }
                T? this[T? a, params int[] rest] { get; set; }
                ref readonly T Ref(in T value, ref readonly int b, out T? c);
                nint Native { get; init; }
                unsafe int Pointer(int* p);
                ref int this[ReadOnlySpan<char> key] { get; }
            }
            """,
        ["registrations that could clash"] = """
            namespace A { public interface IKeyedThing { [Retry] Task<string> AskAsync(CancellationToken ct); } public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); } }
            namespace B { public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); } public interface I { [Retry] Task<string> AskAsync(CancellationToken ct); } public interface IO { [Retry] Task<string> AskAsync(CancellationToken ct); } public interface Ix { [Retry] Task<string> AskAsync(CancellationToken ct); } }
            namespace A { public class X : IThing, IKeyedThing { public Task<string> AskAsync(CancellationToken ct) => Task.FromResult(""); } public static class Use { public static void M(ReliableBuilder b) => b.AddThing<X>().AddKeyedThing<X>("k").AddKeyedThing<X>(); } }
            """,
        ["everything without an answer"] = """
            using System.Runtime.CompilerServices;
            public interface IThing
            {
                [Retry(Fallback = nameof(LaterAsync))] Task SendAsync(string q, AttemptContext attempt, CancellationToken ct);
                Task LaterAsync(string q, CancellationToken ct);
                [UsageTransaction] ValueTask<T> GetAsync<T>(Guid userId, T? value, CancellationToken ct) where T : struct;
                [Retry] IAsyncEnumerable<T?> StreamAsync<T>(T? value, CancellationToken ct) where T : class;
                [Retry] ValueTask DisposeAsync();
            }
            """,
    };

    /// <summary>What must give one of our diagnostics, and never an error in a generated file.</summary>
    public static readonly IReadOnlyDictionary<string, (string Id, string Source)> Refused = new Dictionary<string, (string, string)>
    {
        ["ref return"] = ("REL003", "public partial class C(ReliableRuntime r) { [Retry] public partial ref Task<string> AskAsync(CancellationToken ct); }"),
        ["task of a pointer's kind"] = ("REL003", "public partial class C(ReliableRuntime r) { [Retry] public partial Task<string>? [] AskAsync(CancellationToken ct); }"),
        ["function pointer"] = ("REL018", "public unsafe partial class C(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(delegate*<int, void> f, CancellationToken ct); }"),
        ["array of pointers"] = ("", "public unsafe partial class C(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(int*[] f, CancellationToken ct); private Task<string> AskCoreAsync(int*[] f) => Task.FromResult(\"\"); }"),
        ["ref struct of one's own"] = ("REL018", "public ref struct S; public partial class C(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(S s, CancellationToken ct); }"),
        ["explicit implementation"] = ("REL025", "public interface I { Task<string> AskAsync(); } public partial class C(ReliableRuntime r) : I { [Retry] Task<string> I.AskAsync() => Task.FromResult(\"\"); }"),
        ["static abstract"] = ("REL025", "public interface I { [Retry] static abstract Task<string> AskAsync(CancellationToken ct); }"),
        ["decorator of static abstract"] = ("REL024", "public interface I { [Retry] Task<string> AskAsync(CancellationToken ct); static abstract int Count { get; } }"),
        ["static virtual operator"] = ("REL024", "public interface I<T> where T : I<T> { [Retry] Task<string> AskAsync(CancellationToken ct); static abstract T operator +(T a, T b); }"),
        ["local function"] = ("REL025", "public class C { public void M() { [Retry] Task<string> Ask() => Task.FromResult(\"\"); Ask(); } }"),
        ["lambda"] = ("REL025", "public class C { public object M() => [Retry] () => Task.FromResult(\"\"); }"),
        ["file-local class"] = ("REL025", "file partial class C(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(CancellationToken ct); }"),
        ["file-local interface"] = ("REL024", "file interface I { [Retry] Task<string> AskAsync(CancellationToken ct); }"),
        ["instance method of a ref struct"] = ("REL025", "public ref partial struct S(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(CancellationToken ct); }"),
        ["private interface"] = ("REL024", "public class C { private interface I { [Retry] Task<string> AskAsync(CancellationToken ct); } }"),
        ["enum answer"] = ("REL017", "public partial class C(ReliableRuntime r) { [ValidateResponse] public partial Task<DayOfWeek> AskAsync(CancellationToken ct); private Task<DayOfWeek> AskCoreAsync() => Task.FromResult(DayOfWeek.Monday); }"),
        ["core is generic in another way"] = ("REL005", "public partial class C(ReliableRuntime r) { [Retry] public partial Task<T> AskAsync<T>(T t, CancellationToken ct); private Task<T> AskCoreAsync<T>(T t) where T : class => Task.FromResult(t); }"),
        ["core is a property"] = ("REL004", "public partial class C(ReliableRuntime r) { [Retry] public partial Task<string> AskAsync(CancellationToken ct); private Func<Task<string>> AskCoreAsync => () => Task.FromResult(\"\"); }"),
    };
}
