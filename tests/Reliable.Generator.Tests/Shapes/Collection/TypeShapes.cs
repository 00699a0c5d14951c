using Microsoft.CodeAnalysis.CSharp;
using static Reliable.Generator.Tests.Shapes.Collection.Shape;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Types around an annotated method, and how the runtime is reached in them.</summary>
internal static class TypeShapes
{
    private const string Two = "[Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q) => Task.FromResult(q);";

    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["record"] = new($$"""public sealed partial record R(ReliableRuntime Reliable, string Model) { {{Two}} }"""),
        ["record of a record"] = new($$"""public abstract record B(ReliableRuntime Reliable); public partial record R(ReliableRuntime Other, int X) : B(Other) { {{Two}} }"""),
        ["record struct"] = new($$"""public readonly partial record struct R(ReliableRuntime Reliable) { {{Two}} }"""),
        ["record without the runtime"] = new($$"""public partial record R(string Model) { {{Two}} }""", "REL007"),
        ["struct with a primary constructor"] = new($$"""public partial struct S(ReliableRuntime reliable) { {{Two}} }"""),
        ["readonly struct with a field"] = new($$"""public readonly partial struct S { private readonly ReliableRuntime? _r; public S(ReliableRuntime r) => _r = r; {{Two}} }"""),
        ["static method of a struct in a ref struct"] = new("public ref partial struct A { public partial struct B { [Retry] internal static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); private static Task<string> AskCoreAsync() => Task.FromResult(\"\"); } }"),
        ["inline array"] = new("[System.Runtime.CompilerServices.InlineArray(4)] public partial struct S { private int _first; [Retry] public static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); private static Task<string> AskCoreAsync() => Task.FromResult(\"\"); }"),
        ["struct with a layout"] = new("[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)] public partial struct S { private int _a; private ReliableRuntime _r; public S(ReliableRuntime r) { _a = 1; _r = r; } public int A => _a; " + Two + " }"),
        ["static class in the global namespace"] = new("public static partial class C { [Retry] public static partial Task<string> AskAsync(this object o, ReliableRuntime r, CancellationToken ct); private static Task<string> AskCoreAsync(object o) => Task.FromResult(\"\"); }"),
        ["private nested"] = new($$"""public partial class A { private partial class B { protected internal partial struct S(ReliableRuntime r) { {{Two}} } } private protected partial record P(ReliableRuntime R) { {{Two}} } }"""),
        ["nested in an interface"] = new($$"""public partial interface IA<T> { partial class B(ReliableRuntime r) { {{Two}} } }"""),
        ["outer type not partial"] = new($$"""public class A { public partial class B(ReliableRuntime r) { {{Two}} } }""", "REL002"),
        ["file type"] = new($$"""file partial class A(ReliableRuntime r) { {{Two}} }""", "REL025"),
        ["file type as an argument"] = new("file class F; public static partial class C { [Retry] private static partial Task<string> AskAsync(ReliableRuntime r, F f, CancellationToken ct); private static Task<string> AskCoreAsync(F f) => Task.FromResult(\"\"); }", "REL026"),
        ["file type as an answer's part"] = new("file class F; public static partial class C { [Retry] private static partial Task<List<F[]>> AskAsync(ReliableRuntime r, CancellationToken ct); private static Task<List<F[]>> AskCoreAsync() => null!; }", "REL026"),
        ["names that are keywords"] = new($$"""namespace @namespace.@global; public partial class @class<@event>(ReliableRuntime @base) { public partial struct @record { private ReliableRuntime @field; public @record(ReliableRuntime r) => @field = r; {{Two}} } [Retry] public partial Task<@event> @void(@event @in, CancellationToken ct); private Task<@event> voidCore(@event @in) => Task.FromResult(@in); }"""),
        ["types that are contextual keywords"] = new("namespace N; public class @record; public class @nint; public class @var; public class @dynamic; public class @required; public class @scoped; public class @file; public class @await; public class @notnull; public class @field;\n#pragma warning disable CS8981\n" + Class(Method("global::N.@record a, global::N.@nint b, global::N.@var c, @dynamic d, @required e, @scoped f, @file g, @await h, @notnull i, @field j, CancellationToken ct"))),
        ["unicode"] = new("namespace 名前空間.Ñandú; public partial class Größe(ReliableRuntime зависимость) { [Retry, UsageTransaction(Counter = \"счётчик\")] public partial Task<string> 質問Async(string userId, CancellationToken ct); private Task<string> 質問CoreAsync(string userId) => Task.FromResult(userId); }"),
        ["escapes in names"] = new("public partial class C\\u0041b(ReliableRuntime r) { [Retry] public partial Task<string> \\u0041skAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q) => Task.FromResult(q); }"),
        ["block namespaces in each other"] = new($$"""namespace A { using X = System.Collections.Generic.List<string>; namespace B.C { using Y = X; public partial class D(ReliableRuntime r) { [Retry] public partial Task<Y> AskAsync(X x, Y[] y, CancellationToken ct); private Task<X> AskCoreAsync(X x, X[] y) => Task.FromResult(x); } } }"""),
        ["alias of any type"] = new("using Pair = (int A, string? B); using unsafe Address = int*; using Words = string[];\n" + Class(Method("Pair p, Words w, Address[] a, CancellationToken ct").Replace("partial", "unsafe partial", StringComparison.Ordinal).Replace("private", "private unsafe", StringComparison.Ordinal))),
        ["namespaces like ours inside"] = new("""
            namespace My.Reliable.System.Threading { public class Tasks; }
            namespace My.Reliable { public class CallRunner; public class Calls; public class Microsoft; public partial class C(global::Reliable.ReliableRuntime r) { [global::Reliable.Retry] public partial global::System.Threading.Tasks.Task<string> AskAsync(string q, global::System.Threading.CancellationToken ct); private global::System.Threading.Tasks.Task<string> AskCoreAsync(string q) => global::System.Threading.Tasks.Task.FromResult(q); } }
            """),
        ["two parts in two places"] = new($$"""public partial class C { private readonly ReliableRuntime _r = null!; } public partial class C { [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); } public partial class C { private Task<string> AskCoreAsync(string q) => Task.FromResult(q); }"""),
        ["obsolete class"] = new($$"""[Obsolete("gone", true)] public partial class C(ReliableRuntime r) { {{Two}} } """),
        ["obsolete method"] = new(Class("[Retry, Obsolete(\"no\")] public partial Task<string> AskAsync(string q, CancellationToken ct); private Task<string> AskCoreAsync(string q) => Task.FromResult(q);")),
        ["obsolete core"] = new(Class("[Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); [Obsolete] private Task<string> AskCoreAsync(string q) => Task.FromResult(q);")),
        ["core that must not be called"] = new(Class("[Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); [Obsolete(\"no\", true)] private Task<string> AskCoreAsync(string q) => Task.FromResult(q);"), "REL005"),
        ["obsolete runtime"] = new($$"""public partial class C { [Obsolete("use another")] protected ReliableRuntime R { get; } = null!; {{Two}} }"""),
        ["obsolete constraint and validator"] = new("""
            #pragma warning disable CS0618
            [Obsolete("x")] public interface IOld; [Obsolete("y")] public class V : IResponseValidator<string> { public ValidationResult Validate(string response) => ValidationResult.Valid; }
            public partial class C(ReliableRuntime reliable)
            {
                [Retry, ValidateResponse(Validator = typeof(V))] public partial Task<string> AskAsync<T>(T q, CancellationToken ct) where T : class, IOld;
                private Task<string> AskCoreAsync<T>(T q) where T : class, IOld => Task.FromResult("");
            }
            public interface IThing<T> where T : IOld { [Retry] Task<string> AskAsync<U>(U u, CancellationToken ct) where U : IOld; }
            """),
        ["experimental everything"] = new("""
            #pragma warning disable X1, X2
            [System.Diagnostics.CodeAnalysis.Experimental("X1")] public class A<T>; [System.Diagnostics.CodeAnalysis.Experimental("X2")] public enum E { A }
            public partial class C(ReliableRuntime reliable) { [Retry] public partial Task<A<E>[]> AskAsync(E e, CancellationToken ct); private Task<A<E>[]> AskCoreAsync(E e) => null!; }
            public interface IThing : IList<A<int>> { [Retry] Task<string> AskAsync(A<E> e, CancellationToken ct); A<int>? P { get; set; } event Action<E> Ev; }
            """.Replace("IList<A<int>>", "IDisposable", StringComparison.Ordinal)),
        ["member that implements an interface explicitly"] = new($$"""public interface IHas { ReliableRuntime Runtime { get; } } public partial class C : IHas { ReliableRuntime IHas.Runtime => null!; {{Two}} }""", "REL007"),
        ["explicit member beside a field"] = new($$"""public interface IHas { ReliableRuntime Runtime { get; } } public partial class C : IHas { private ReliableRuntime _r = null!; ReliableRuntime IHas.Runtime => _r; {{Two}} }"""),
        ["primary parameter hidden by a member"] = new($$"""public partial class C(ReliableRuntime reliable) { private readonly string reliable = reliable.ToString()!; public string X => reliable; {{Two}} }""", "REL007"),
        ["primary parameter hidden by an inherited member"] = new($$"""public class B { protected int reliable = 1; } public partial class C(ReliableRuntime reliable) : B { public object R() { return base.reliable; } public ReliableRuntime Own { get; } = reliable; {{Two}} }"""),
        ["primary parameter captured by others"] = new($$"""public partial class C(string name, [System.ComponentModel.Description("x")] ReliableRuntime? reliable = null) { public string Name => name; public ReliableRuntime? R() => reliable; {{Two}} }"""),
        ["runtime that is written only"] = new($$"""public partial class C { public ReliableRuntime R { set { } } {{Two}} }""", "REL007"),
        ["runtime in another object"] = new($$"""public class Holder { public ReliableRuntime R = null!; } public partial class C(Holder h) { public Holder H => h; {{Two}} }""", "REL007"),
        ["runtime that is lazy"] = new($$"""public partial class C(Lazy<ReliableRuntime> r) { public object R => r; {{Two}} }""", "REL007"),
        ["runtime of the outer class"] = new($$"""public partial class A(ReliableRuntime r) { public object R => r; public partial class B { {{Two}} } }""", "REL007"),
        ["runtime that is static, volatile, required"] = new($$"""public partial class A { private static volatile ReliableRuntime s_r = null!; {{Two}} public static void Set(ReliableRuntime r) => s_r = r; } public partial class B { public required ReliableRuntime R { get; init; } {{Two}} }"""),
        ["runtime as a partial property"] = new($$"""public partial class C { public partial ReliableRuntime R { get; } public partial ReliableRuntime R => null!; {{Two}} }""", Language: LanguageVersion.CSharp13),
        ["runtime in a base class of another kind"] = new($$"""public abstract class B<T> { private protected virtual T R { get; } = default!; } public partial class C : B<ReliableRuntime> { {{Two}} }"""),
        ["runtime private in the base class"] = new($$"""public class B { private ReliableRuntime _r = null!; public object R { get => _r; set => _r = (ReliableRuntime)value; } } public partial class C : B { {{Two}} }""", "REL007"),
        ["base class that wants the runtime"] = new($$"""public class B(ReliableRuntime r) { protected ReliableRuntime Reliable { get; } = r; } public partial class C(ReliableRuntime r) : B(r) { {{Two}} }"""),
        ["attribute class, exception and comparer"] = new($$"""public partial class AAttribute : Attribute { private ReliableRuntime _r = null!; {{Two}} } public partial class BException(ReliableRuntime r) : Exception { {{Two}} } public partial class D(ReliableRuntime r) : Comparer<int> { public override int Compare(int x, int y) => 0; {{Two}} }"""),
        ["program with top-level statements"] = new("Console.WriteLine(); public partial class Program { [Retry] internal static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); private static Task<string> AskCoreAsync() => Task.FromResult(\"\"); }".Replace("Console.WriteLine(); ", "", StringComparison.Ordinal)),
        ["indexer, operators and events beside it"] = new(Class(Two + " public string this[int i] => \"\"; public static C operator +(C a, C b) => a; public static implicit operator string(C c) => \"\"; public event Action E { add { } remove { } } ~C() { } static C() { }")),
        ["members that hide"] = new($$"""public class B { public Task<string> AskAsync(string q, CancellationToken ct) => Task.FromResult(q); public class s_askAsyncPolicy; } public partial class C(ReliableRuntime r) : B { [Retry] public new virtual partial Task<string> AskAsync(string q, CancellationToken ct); protected virtual Task<string> AskCoreAsync(string q) => Task.FromResult(q); }"""),
        ["core hidden by a member"] = new("public class B { protected Task<string> AskCoreAsync(string q) => Task.FromResult(q); } public partial class C(ReliableRuntime r) : B { [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct); public new Func<string, int> AskCoreAsync = static _ => 1; }", "REL004"),
        ["clr names"] = new("[assembly: CLSCompliant(true)]\n" + "public partial class C { private ReliableRuntime _r = null!; " + Two + " } public interface IThing { [Retry] Task<string> AskAsync(string q, CancellationToken ct); }\n"),
    };
}
