using Microsoft.CodeAnalysis.CSharp;
using static Reliable.Generator.Tests.Shapes.Collection.Shape;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Type parameters and their constraints.</summary>
internal static class GenericShapes
{
    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["notnull"] = Ask("T value, Dictionary<T, string> map, CancellationToken ct", "<T>", " where T : notnull"),
        ["unmanaged"] = Ask("T value, T[] all, CancellationToken ct", "<T>", " where T : unmanaged"),
        ["unmanaged and an interface"] = Ask("T? value, CancellationToken ct", "<T>", " where T : unmanaged, IComparable<T>, IFormattable"),
        ["enum and delegate"] = Ask("T value, U call, CancellationToken ct", "<T, U>", " where T : struct, Enum where U : Delegate"),
        ["class with a base, an interface and new"] = Ask("T value, CancellationToken ct", "<T>", " where T : Exception, ICloneable, new()"),
        ["class that may be null"] = Ask("T value, CancellationToken ct", "<T>", " where T : class?"),
        ["interface that may be null"] = Ask("T value, CancellationToken ct", "<T>", " where T : IComparable<T>?"),
        ["parameter constrained by another"] = Ask("T a, U b, V c, CancellationToken ct", "<T, U, V>", " where T : class, U where U : class, V where V : class"),
        ["parameter constrained by itself"] = Ask("T a, CancellationToken ct", "<T>", " where T : IComparable<T>, IEquatable<T[]>"),
        ["static abstract constraint"] = Ask("string q, CancellationToken ct", "<T>", " where T : System.Numerics.INumber<T>, IParsable<T>"),
        ["allows ref struct, not passed"] = Ask("string q, CancellationToken ct", "<T>", " where T : allows ref struct", language: LanguageVersion.CSharp13),
        ["allows ref struct with the rest"] = Ask(
            "string q, CancellationToken ct", "<T, U>", " where T : struct, IDisposable, allows ref struct where U : new(), allows ref struct", language: LanguageVersion.CSharp13),
        ["allows ref struct, passed"] = Ask("T value, CancellationToken ct", "<T>", " where T : allows ref struct", reported: "REL018", language: LanguageVersion.CSharp13),
        ["answer that may be null of a class"] = Ask("T? value, CancellationToken ct", "<T>", " where T : class", "Task<T?>"),
        ["answer that may be null of a struct"] = Ask("T? value, CancellationToken ct", "<T>", " where T : struct", "ValueTask<T?>"),
        ["answer of nested generic types"] = Ask("CancellationToken ct", "<T>", "", "Task<Dictionary<string, List<KeyValuePair<T?, T[][,]>>>>"),
        ["type parameters with names of our lambda's"] = Ask("string q, CancellationToken ct", "<state, attempt, token, self>"),
        ["interface's type parameters with names of our lambda's"] = new("""
            #pragma warning disable CS8981
            public interface IThing { [Retry(Fallback = nameof(LastAsync))] Task<inner> AskAsync<inner, attempt>(attempt q, CancellationToken ct); Task<A> LastAsync<A, B>(B q); [Retry] Task<token> OneAsync<token, state>(CancellationToken ct); }
            """),
        ["interface's type parameters with names of our fields"] = new("""
            #pragma warning disable CS8981
            public interface IThing<_inner, _runtime, inner, runtime> { [Retry] Task<_inner> AskAsync(_runtime q, inner i, runtime r, CancellationToken ct); _inner Get(); }
            """),
        ["type parameters that are keywords"] = Ask(
            "@unmanaged a, @var b, @nint c, @record d, @class e, CancellationToken ct", "<@unmanaged, @var, @nint, @record, @class, U>", " where U : @unmanaged where @unmanaged : class"),
        ["type parameter named like the outer one"] = new("""
            #pragma warning disable CS0693
            public partial class C<T>(ReliableRuntime reliable)
            {
                [Retry] public partial Task<T> AskAsync<T>(T q, CancellationToken ct);
                private Task<T> AskCoreAsync<T>(T q) => Task.FromResult(q);
                public partial class Inner<T>(ReliableRuntime r) { [Retry] public partial Task<T> AskAsync(T q, CancellationToken ct); private Task<T> AskCoreAsync(T q) => Task.FromResult(q); }
                public ReliableRuntime R => reliable;
            }
            public interface IThing<T> { [Retry] Task<T> AskAsync<T>(T q, CancellationToken ct); T Get<T>(T q); }
            """),
        ["generic class in generic class"] = new("""
            public static partial class A<T> where T : struct
            {
                public partial class B<U, V>(ReliableRuntime reliable) where U : T[] , IList<T> where V : B<U, V>
                {
                    [Retry(Fallback = nameof(LastAsync))] public partial Task<(T, U, V, W)> AskAsync<W>(Func<T, U, V, W> f, CancellationToken ct) where W : B<U, V>;
                    private Task<(T, U, V, W)> AskCoreAsync<W>(Func<T, U, V, W> f) where W : B<U, V> => throw new InvalidOperationException();
                    private static Task<(T, U, V, W)> LastAsync<W>(Func<T, U, V, W> f, AttemptContext attempt) where W : B<U, V> => throw new InvalidOperationException();
                }
            }
            """.Replace("U : T[] , IList<T>", "U : class, IList<T>", StringComparison.Ordinal)),
        ["curiously recurring"] = new("""
            public abstract partial class Agent<TSelf> where TSelf : Agent<TSelf>, new()
            {
                protected ReliableRuntime Reliable { get; init; } = null!;
                [Retry] public partial Task<TSelf> CloneAsync(TSelf other, CancellationToken ct);
                protected abstract Task<TSelf> CloneCoreAsync(TSelf other, CancellationToken ct);
            }
            public sealed partial class Leaf : Agent<Leaf>
            {
                [Retry] public partial Task<Leaf> SelfAsync(CancellationToken ct);
                private Task<Leaf> SelfCoreAsync() => CloneAsync(this, default);
                protected override Task<Leaf> CloneCoreAsync(Leaf other, CancellationToken ct) => Task.FromResult(other);
            }
            """),
        ["overloads by arity and constraint"] = new("""
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync<T>(string q, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync<T, U>(string q, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync<T>(T? q, CancellationToken ct) where T : class;
                [Retry] public partial Task<string> AskAsync<T>(T? q, CancellationToken ct) where T : struct;
                [Retry] public partial Task<string> AskAsync<T>(List<T> q, CancellationToken ct);
                [Retry] public partial Task<string> AskAsync<T>(T[] q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(string q) => Task.FromResult("");
                private Task<string> AskCoreAsync<T, U>(string q) => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(T? q) where T : class => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(T? q) where T : struct => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(List<T> q) => Task.FromResult("");
                private Task<string> AskCoreAsync<T>(T[] q) => Task.FromResult("");
            }
            """),
        ["override that repeats its constraint"] = new("""
            public abstract class Root
            {
                protected ReliableRuntime Reliable => null!;
                public abstract Task<T> AskAsync<T>(T q, CancellationToken ct) where T : class;
                public abstract Task<T?> MaybeAsync<T>(T? q, CancellationToken ct);
                public abstract Task<T?> StructAsync<T>(T? q, CancellationToken ct) where T : struct;
            }
            public partial class C : Root
            {
                [Retry] public override partial Task<T> AskAsync<T>(T q, CancellationToken ct) where T : class;
                private Task<T> AskCoreAsync<T>(T q) where T : class => Task.FromResult(q);
                [Retry] public override partial Task<T?> MaybeAsync<T>(T? q, CancellationToken ct) where T : default;
                private Task<T?> MaybeCoreAsync<T>(T? q) => Task.FromResult(q);
                [Retry] public override partial Task<T?> StructAsync<T>(T? q, CancellationToken ct) where T : struct;
                private Task<T?> StructCoreAsync<T>(T? q) where T : struct => Task.FromResult(q);
            }
            """),
        ["attributes on type parameters"] = new("""
            using System.Diagnostics.CodeAnalysis;
            [AttributeUsage(AttributeTargets.GenericParameter)] public sealed class MarkAttribute : Attribute;
            public partial class C<[Mark] T>(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync<[Mark, DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] U>(T t, U u, CancellationToken ct);
                private Task<string> AskCoreAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] U>(T t, U u) => Task.FromResult("");
            }
            """),
        ["core with weaker constraints"] = new(Class("""
            [Retry] public partial Task<string> AskAsync<T>(T q, CancellationToken ct) where T : Exception, IDisposable, new();
            private Task<string> AskCoreAsync<T>(T q) where T : IDisposable => Task.FromResult("");
            """)),
        ["core with stronger constraints"] = new(
            Class("""
            [Retry] public partial Task<string> AskAsync<T>(T q, CancellationToken ct);
            private Task<string> AskCoreAsync<T>(T q) where T : notnull => Task.FromResult("");
            """), "REL005"),
        ["variance"] = new("""
            public interface ISource<in TIn, out TOut> where TIn : class where TOut : notnull { TOut Get(TIn q); [Retry] Task<string> AskAsync(TIn q, CancellationToken ct); Func<TOut> F { get; } event Action<TOut> E; }
            """),
        ["interface constrained by itself"] = new("""
            public interface INode<TSelf, TKey> where TSelf : class, INode<TSelf, TKey> where TKey : unmanaged, Enum { [Retry] Task<TSelf> FindAsync(TKey key, CancellationToken ct); TSelf? Parent { get; } }
            """),
        ["interface that allows ref structs"] = new(
            "public interface IVisitor<T> where T : allows ref struct { void Visit(T value); [Retry] Task<string> AskAsync(CancellationToken ct); void Each<U>(scoped U u) where U : allows ref struct; }",
            Language: LanguageVersion.CSharp13),
        ["generic interface of nested generic types"] = new("""
            public interface IStore<TKey, TValue> : IReadOnlyDictionary<TKey, List<TValue?>> where TKey : notnull where TValue : class
            { [Retry, UsageTransaction] Task<IReadOnlyDictionary<TKey, TValue?[]>> LoadAsync(TKey userId, CancellationToken ct); }
            """, "REL020"),
        ["enum as user id"] = new(Class("""
            [UsageTransaction] public partial Task<string> AskAsync<T>(T userId, T? modelId, CancellationToken ct) where T : struct, Enum;
            private Task<string> AskCoreAsync<T>(T userId, T? modelId) where T : struct, Enum => Task.FromResult("");
            [UsageTransaction] public partial Task<string> TellAsync(Enum userId, [ModelId] Enum? m, CancellationToken ct);
            private Task<string> TellCoreAsync(Enum userId, Enum? m) => Task.FromResult("");
            """)),
    };
}
