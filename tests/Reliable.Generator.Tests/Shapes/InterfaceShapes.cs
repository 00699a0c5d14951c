namespace Reliable.Generator.Tests.Shapes;

/// <summary>Interfaces of many shapes, each of which must get a decorator that compiles as it is.</summary>
internal static class InterfaceShapes
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["every kind of member"] = """
            namespace N;
            public interface IThing
            {
                [Retry] Task<string> AskAsync(string q, CancellationToken ct = default);
                Task PlainAsync(int a = 5, string? b = null, params string[] rest);
                string Name { get; }
                string? Title { get; set; }
                int Secret { set; }
                int Once { get; init; }
                int this[int index, string? key] { get; set; }
                string this[string key] { get; }
                event EventHandler? Changed;
                event Action<int> Moved;
                void Out(out int a, ref string? b, in Guid c, ref readonly long d);
                ref int Ref(ref int a);
                ref readonly string RefReadOnly { get; }
                ReadOnlySpan<char> Span(scoped ReadOnlySpan<char> text);
                T Generic<T, U>(T value, IEnumerable<U> others) where T : class, new() where U : struct, IComparable<U>;
                T? Maybe<T>(T? value);
                T? MaybeClass<T>(T? value, List<T?>? list) where T : class;
                T? MaybeStruct<T>(T? value) where T : struct;
                T? MaybeNotNull<T>(T? value) where T : notnull;
                dynamic Dynamic(dynamic value, List<dynamic?> list);
                (int a, string? b) Tuple((int, int c) pair);
                int Default() => 5;
                int DefaultProperty => 6;
                sealed int Sealed() => 7;
                static int Static() => 8;
                private int Private() => 9;
                internal int Internal();
                const int Constant = 1;
                class Nested;
            }
            """,
        ["inherited members"] = """
            public interface IRoot { [Retry] Task<string> AskAsync(string q, CancellationToken ct); string Name { get; } int Count(); }
            public interface IOther { string Name { get; } int Count(); }
            public interface IChild : IRoot, IOther, IAsyncDisposable, IEnumerable<int>
            {
                [Retry] Task<string> TellAsync(string q, CancellationToken ct);
                new string Name { get; }
                int IOther.Count() => 3;
                [Retry] new Task<string> AskAsync(string q, CancellationToken ct);
            }
            """,
        ["generic"] = """
            namespace N.M;
            internal interface IThing<in TIn, out TOut, T> : IComparer<T?>, IThing<TIn> where T : class, new() where TOut : class
            {
                [Retry, ValidateResponse(Validator = typeof(V))] Task<string> AskAsync(TIn q, List<T?> list, CancellationToken ct);
                [Retry] ValueTask<U?> TellAsync<U>(TIn q, U? u, CancellationToken ct) where U : class, TOutBase;
                TOut Out();
            }
            internal interface IThing<in T> { [Retry] Task<int> AskAsync(T q, CancellationToken ct); }
            internal interface TOutBase;
            internal class V : IResponseValidator<string> { public ValidationResult Validate(string response) => ValidationResult.Valid; }
            """,
        ["generic with a registration parameter of the same name"] = """
            public interface IThing<TImplementation, ReliableThing> { [Retry] Task<string> AskAsync(TImplementation q, ReliableThing r, CancellationToken ct); }
            """,
        ["nested"] = """
            namespace N
            {
                public class Outer { internal class Middle { public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); } } }
                public class Other { public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); } }
            }
            """,
        ["same name in two namespaces"] = """
            namespace A { public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); } public class One : IThing { public Task<string> AskAsync(string q, CancellationToken ct) => Task.FromResult(q); } }
            namespace A.B { public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); } public class ReliableThing; }
            namespace C { public class Use { public static void M(ReliableBuilder b) => b.AddThing<A.One>(); } }
            """,
        ["attempt, progress, fallback, roles"] = """
            public interface Thing
            {
                [Retry(Fallback = nameof(SimplyAsync), MaxRetries = 1), ValidateResponse, UsageTransaction]
                Task<string> AskAsync(Guid userId, IProgress<RetryStatus>? progress, AttemptContext attempt = default, CancellationToken ct = default);
                Task<string> SimplyAsync(Guid userId, IProgress<RetryStatus>? progress);
                [Retry] Task<string> NoParameters();
                [Retry] Task<string> One(string inner);
                [Retry] Task<string> Names(string inner, string _inner, string _runtime, int Item1, int s_namesPolicy, ReliableRuntime r, CancellationToken token);
                int this[int _inner] { get; }
            }
            """,
        ["keywords and unicode"] = """
            namespace @namespace.größe;
            public interface @interface { [Retry] Task<@event> @await([UserId] string @string, @event @this, CancellationToken @int); int @class { get; } event Action @delegate; int @new(int @out); }
            public interface IÄrger { [Retry] Task<string> Ärgern(string größe, CancellationToken ct); }
            public class @event;
            """,
        ["lower-case names"] = """
            #pragma warning disable CS8981
            namespace lower { public interface thing<other> { [Retry] Task<other> ask<third>(other q, third t, CancellationToken ct); third tell<third>(third t); } }
            """,
        ["default implementation"] = """
            public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct) => Task.FromResult(q); [Retry] protected internal Task<int> Other(CancellationToken ct) => Task.FromResult(1); }
            """,
        ["overloads"] = """
            public interface IThing
            {
                [Retry] Task<string> AskAsync(string q, CancellationToken ct);
                [Retry] Task<string> AskAsync(int q, CancellationToken ct);
                [Retry] Task<string> askAsync(int q, CancellationToken ct);
                [Retry] Task<string> AskAsync<T>(T q, CancellationToken ct);
                Task<string> AskAsync(string q);
            }
            """,
        ["nullable attributes"] = """
            using System.Diagnostics.CodeAnalysis;
            public interface IThing
            {
                [Retry] Task<string> AskAsync([AllowNull] string q, CancellationToken ct);
                bool TryGet(string key, [NotNullWhen(true)] out string? value);
                [return: NotNullIfNotNull(nameof(x))] string? Echo(string? x);
                [return: MaybeNull] T Get<T>([DisallowNull] T value);
                [DoesNotReturn] void Throw();
            }
            """,
        ["obsolete and experimental"] = """
            using System.Diagnostics.CodeAnalysis;
            #pragma warning disable CS0612, CS0618, TEST001
            [Experimental("TEST001")] public class Draft;
            public interface IThing
            {
                [Retry] Task<Draft> AskAsync(Draft q, CancellationToken ct);
                [Obsolete] void Old();
                [Obsolete("x")] int OldProperty { get; set; }
                [Obsolete("x", DiagnosticId = "TEST002")] event Action OldEvent;
            }
            """,
        ["partial in two files"] = """
            public partial interface IThing { [UsageTransaction] Task<string> AskAsync(string userId, CancellationToken ct); }
            public partial interface IThing { [Retry] Task<string> TellAsync(string userId, CancellationToken ct); }
            """,
    };
}
