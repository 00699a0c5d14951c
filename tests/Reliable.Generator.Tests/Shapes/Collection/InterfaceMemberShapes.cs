using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Interfaces and what their decorators have to stand in for.</summary>
internal static class InterfaceMemberShapes
{
    private const string Ask = "[Retry] Task<string> AskAsync(string q, CancellationToken ct);";

    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["diamond"] = new($$"""public interface IRoot { {{Ask}} int P { get; set; } } public interface IA : IRoot { new int P { get; } } public interface IB : IRoot { int IRoot.P { get => 1; set { } } } public interface IThing : IA, IB { [Retry] Task<string> TellAsync(CancellationToken ct); }"""),
        ["diamond behaves"] = new("""
            public interface IRoot { string Name { get; } [Retry(MaxRetries = 2, BackoffMs = [0])] Task<string> AskAsync(int q, CancellationToken ct); }
            public interface IA : IRoot { string A() => "a" + Name; }
            public interface IB : IRoot { string B() => "b" + Name; }
            public interface IThing : IA, IB { [Retry] Task<string> TellAsync(CancellationToken ct); }
            public class Thing : IThing
            {
                private int _calls;
                public string Name => "n";
                string IB.B() => "own";
                public Task<string> AskAsync(int q, CancellationToken ct) => ++_calls < q ? throw new RetryableException("again") : Task.FromResult(_calls.ToString());
                public Task<string> TellAsync(CancellationToken ct) => AskAsync(0, ct);
            }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    IThing thing = new ReliableThing(new Thing(), runtime);
                    return $"{await thing.AskAsync(3, default)} {thing.A()} {thing.B()} {((IRoot)thing).Name} {await thing.TellAsync(default)}";
                }
            }
            """, Answer: "3 an own n 4"),
        ["default implementation that is replaced"] = new("""
            public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct) => Task.FromResult("default"); int Twice(int a) => 2 * a; sealed int Sealed() => Twice(4); }
            public class Thing : IThing { int IThing.Twice(int a) => 3 * a; }
            public static class Script { public static async Task<string> RunAsync(ReliableRuntime r) { IThing t = new ReliableThing(new Thing(), r); return $"{await t.AskAsync(default)} {t.Twice(1)} {t.Sealed()}"; } }
            """, Answer: "default 3 12"),
        ["events, indexers and references behave"] = new("""
            public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); event Action<string> Told; ref int Ref(); ref readonly int this[int i, params string[] rest] { get; } string? this[string key] { get; set; } void Out(out int a, ref int b, in int c); }
            public class Thing : IThing
            {
                private readonly int[] _all = [1, 2, 3];
                private readonly Dictionary<string, string?> _map = [];
                public event Action<string>? Told;
                public Task<string> AskAsync(CancellationToken ct) { Told?.Invoke("told"); return Task.FromResult("asked"); }
                public ref int Ref() => ref _all[0];
                public ref readonly int this[int i, params string[] rest] => ref _all[i + rest.Length];
                public string? this[string key] { get => _map[key]; set => _map[key] = value; }
                public void Out(out int a, ref int b, in int c) { a = c; b += c; }
            }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime r)
                {
                    IThing t = new ReliableThing(new Thing(), r);
                    string heard = ""; t.Told += told => heard += told;
                    await t.AskAsync(default);
                    t.Ref() = 9; t["k"] = "v"; int b = 1; t.Out(out int a, ref b, 5);
                    return $"{heard} {t.Ref()} {t[0, "x", "y"]} {t["k"]} {a} {b}";
                }
            }
            """, Answer: "told 9 3 v 5 6"),
        ["init, required and static members"] = new($$"""public interface IThing { {{Ask}} int A { get; init; } string? B { init; } static int Count => 1; static virtual int Virtual => 2; static abstract class X; const string K = "k"; }""".Replace("static abstract class X;", "abstract class X;", StringComparison.Ordinal)),
        ["static abstract"] = new($$"""public interface IThing { {{Ask}} static abstract int Count { get; } }""", "REL024"),
        ["static abstract that is inherited"] = new($$"""public interface IBase<T> where T : IBase<T> { static abstract T Create(); } public interface IThing<T> : IBase<T> where T : IBase<T> { {{Ask}} }""", "REL024"),
        ["annotated static"] = new("public interface IThing { [Retry] static Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\"); }", "REL025"),
        ["annotated private"] = new("public interface IThing { [Retry] private Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\"); }", "REL025"),
        ["annotated sealed"] = new("public interface IThing { [Retry] sealed Task<string> AskAsync(CancellationToken ct) => Task.FromResult(\"\"); }", "REL025"),
        ["annotated reabstraction"] = new("public interface IA { Task<string> AskAsync(CancellationToken ct); } public interface IB : IA { [Retry] Task<string> IA.AskAsync(CancellationToken ct) => Task.FromResult(\"\"); }", "REL025"),
        ["protected member"] = new($$"""public interface IThing { {{Ask}} protected int P { get; } }""", "REL024"),
        ["internal member"] = new($$"""public interface IThing { {{Ask}} internal int P { get; set; } int Q { get; internal set; } protected internal void M(); }"""),
        ["nested and internal"] = new($$"""internal class A { internal interface IThing { {{Ask}} } public class B { public interface IThing { {{Ask}} } protected internal interface IOther { {{Ask}} } } }""", "REL024"),
        ["nested like another's name"] = new($$"""public class Outer { public interface IThing { {{Ask}} } } public interface IOuterThing { {{Ask}} } namespace N { public class Outer { public interface IThing { {{Ask}} } } }"""),
        ["name without I, with two, and one letter"] = new($$"""public interface Thing { {{Ask}} } public interface IIThing { {{Ask}} } public interface I { {{Ask}} } public interface IÄ { {{Ask}} } public interface Ixy { {{Ask}} } public interface I1 { {{Ask}} }"""),
        ["names taken by the user"] = new($$"""public interface IThing { {{Ask}} } public class ReliableThing; public class ReliableThing2; namespace Reliable { public static class ThingReliableExtensions; }"""),
        ["obsolete member that must not be used"] = new($$"""public interface IThing { {{Ask}} [Obsolete("no", true)] void Old(); [Obsolete("no", true)] int OldProperty { get; set; } [Obsolete("no", true)] event Action OldEvent; [Obsolete("no", true)] int this[int i] { get; } int Half { [Obsolete("no", true)] get; set; } }"""),
        ["obsolete annotated member"] = new("public interface IThing { [Retry, Obsolete(\"no\", true)] Task<string> AskAsync(CancellationToken ct); [Retry, Obsolete] Task<string> TellAsync(CancellationToken ct); }"),
        ["obsolete interface"] = new($$"""[Obsolete("soon")] public interface IThing { {{Ask}} }"""),
        ["interface that must not be used"] = new($$"""[Obsolete("gone", true)] public interface IThing { {{Ask}} }""", "REL024"),
        ["trimming attributes"] = new("""
            using System.Diagnostics.CodeAnalysis;
            public interface IThing<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] T>
            {
                [Retry] Task<string> AskAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] U>([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] Type type, CancellationToken ct);
                [RequiresUnreferencedCode("x")] [RequiresDynamicCode("y", Url = "z")] void Unsafe();
                [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)] Type Get();
                [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)] Type P { get; set; }
            }
            """),
        ["nullable attributes"] = new("""
            using System.Diagnostics.CodeAnalysis;
            public interface IThing { [Retry] Task<string> AskAsync([NotNull, DisallowNull] string? q, CancellationToken ct); [AllowNull] string P { get; set; } [MaybeNull] string M { get; } [MemberNotNullWhen(true, nameof(M))] bool Has { get; } [return: NotNullIfNotNull("a")] string? F(string? a); bool Try([MaybeNullWhen(false)] out string s); }
            """),
        ["references and scopes"] = new($$"""public interface IThing { {{Ask}} Span<int> S(scoped Span<int> a, scoped ref int b, ref readonly int c, [System.Diagnostics.CodeAnalysis.UnscopedRef] out int d); ref readonly Span<int> R { get; } Span<char> W(ReadOnlySpan<char> x, out Span<char> y); }"""),
        ["unsafe members"] = new($$"""public unsafe interface IThing { {{Ask}} void* P(int** a, delegate*<void> f); delegate*<int, ref int> F { get; set; } event Action<int*[]> E; int this[void* p] { get; } [Retry] Task<int*[]> AllAsync(int*[] all, CancellationToken ct); }"""),
        ["dynamic and tuples"] = new("public interface IThing { [Retry] Task<(dynamic? a, int @class)> AskAsync(dynamic q, (int x, dynamic y) p, CancellationToken ct); dynamic D { get; set; } event Func<dynamic, (int a, int b)> E; dynamic? this[dynamic i] { get; } (int a, int) T(in (int x, int y) p); }"),
        ["members with our names"] = new("public interface IThing { [Retry] Task<string> AskAsync(string _inner, string _runtime, string inner, string state, CancellationToken runtime); int _inner { get; } int _runtime(); event Action s_askAsyncPolicy; int ReliableThing { get; } Task<string> AddThing(); }"),
        ["fallback inherited and generic"] = new("public interface IBase<T> { Task<T> LastAsync(T q, AttemptContext a); } public interface IThing<T> : IBase<T> { [Retry(Fallback = nameof(LastAsync))] Task<T> AskAsync(T q, CancellationToken ct); [Retry(Fallback = nameof(TellLastAsync))] Task<U> TellAsync<U>(U u, CancellationToken ct) where U : class; Task<V> TellLastAsync<V>(V v) where V : class; }"),
        ["fallback missing"] = new("public interface IThing { [Retry(Fallback = \"Nothing\")] Task<string> AskAsync(CancellationToken ct); }", "REL008"),
        ["streams and nothing"] = new("public interface IThing { [Retry] IAsyncEnumerable<string?> AskAsync(CancellationToken ct, string q = \"a\"); [Retry, UsageTransaction] Task SendAsync(Guid userId, CancellationToken ct); [ValidateResponse] IAsyncEnumerable<ChatResponseUpdate> UpdatesAsync(CancellationToken ct); [Retry] ValueTask<T?> MaybeAsync<T>(CancellationToken ct) where T : struct; }"),
        ["wrong in one of three"] = new("public interface IThing { [Retry] Task<string> A(CancellationToken ct); [Retry] string B(); [UsageTransaction] Task<string> D(CancellationToken ct); void E(); }", "REL003 REL006"),
        ["typed answers"] = new("using System.ComponentModel.DataAnnotations; public record Plan([Range(1, 2)] int A, string B, Plan? Next); public interface IThing<T> { [ValidateResponse] Task<Plan> AskAsync(CancellationToken ct); [ValidateResponse] Task<List<Plan>> TellAsync(T q, CancellationToken ct); [ValidateResponse] ValueTask<Plan> AskAsync(int q, CancellationToken ct); }"),
        ["registered by its method"] = new("""
            namespace N.M { public interface IThing<T, U> where T : notnull where U : class, new() { [Retry] Task<T> AskAsync(U q, CancellationToken ct); } public class Thing : IThing<int, List<int>> { public Task<int> AskAsync(List<int> q, CancellationToken ct) => Task.FromResult(1); } }
            public static class Use { public static ReliableBuilder M(ReliableBuilder b) => b.AddThing<int, List<int>, N.M.Thing>().AddKeyedThing<int, List<int>, N.M.Thing>("key"); }
            """),
        ["extension block beside it"] = new($$"""public interface IThing { {{Ask}} } public static class E { public static Task<string> Ask2Async(this IThing t) => t.AskAsync("", default); }"""),
        ["partial interface with partial members"] = new($$"""public partial interface IThing { {{Ask}} } public partial interface IThing { void More(); partial void Hidden(); } """),
        ["com interface"] = new($$"""[System.Runtime.InteropServices.ComVisible(true), System.Runtime.InteropServices.Guid("00000000-0000-0000-0000-000000000001")] public interface IThing { [System.Runtime.InteropServices.DispId(1)] int A { get; } {{Ask}} }"""),
    };
}
