using Microsoft.CodeAnalysis.CSharp;
using static Reliable.Generator.Tests.Shapes.Collection.Shape;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Parameters: how they are passed, what their defaults are, and what they are called.</summary>
internal static class ParameterShapes
{
    private const string Enums = "public enum Mood : long { Bad = -1, Good = 1L << 40 } [Flags] public enum Few : byte { None, One, Two } public struct Plain { public int A; }";

    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["defaults of numbers"] = Ask("nint a = 5, nuint b = 6, decimal c = -79228162514264337593543950335m, double d = double.NaN, double e = double.Epsilon, float f = float.PositiveInfinity, Half h = default, Int128 i = default, CancellationToken ct = default"),
        ["defaults of enums and structs"] = new(Class(Method("Mood a = Mood.Bad, Mood? b = Mood.Good, Few c = Few.One | Few.Two, Few d = (Few)200, Plain e = default, Plain f = new(), Plain? g = null, Guid h = default(Guid), CancellationToken ct = default"), Enums)),
        ["defaults of texts"] = new(Class("private const string Quoted = \"\\\"{0}\\\" \\\\ \\u2028\"; " + Method("string a = Quoted, string b = \"\\0\\a\\u200b\", string? c = null, char d = '\\'', char e = '\\uD800', string f = \"\"\"raw \"text\" here\"\"\", object? g = null, string h = \"\\ud800\", CancellationToken ct = default"))),
        ["defaults of type parameters"] = Ask("T? a = default, List<T>? b = null, U c = default, U? d = null, CancellationToken ct = default", "<T, U>", " where U : struct"),
        ["defaults by attribute"] = new("using System.Runtime.InteropServices; using System.Runtime.CompilerServices;\n" + Class("""
            [Retry] public partial Task<string> AskAsync([Optional] int a, [Optional, DefaultParameterValue("x")] string b, CancellationToken ct = default, [CallerMemberName] string? m = null, [CallerLineNumber] int n = 0, [CallerArgumentExpression("b")] string? e = null);
            private Task<string> AskCoreAsync(int a, string b, string? m, int n, string? e) => Task.FromResult("");
            """)),
        ["default of a dynamic and a pointer-sized"] = Ask("dynamic? a = null, IntPtr b = default, UIntPtr c = default, CancellationToken ct = default"),
        ["params array"] = Ask("CancellationToken ct, params (int a, string? b)[] rest"),
        ["params of dynamic"] = Ask("CancellationToken ct, params dynamic[] rest"),
        ["params list"] = Ask("CancellationToken ct, params List<string> rest", language: LanguageVersion.CSharp13),
        ["params of interfaces"] = Ask("CancellationToken ct, params IReadOnlyCollection<T> rest", "<T>", language: LanguageVersion.CSharp13),
        ["params span"] = Ask("CancellationToken ct, params ReadOnlySpan<string> rest", reported: "REL018", language: LanguageVersion.CSharp13),
        ["params in an interface"] = new("public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct, params IEnumerable<int> all); void Span(params ReadOnlySpan<char> text); void List(int a, params List<string> b); int this[params int[] all] { get; } }", Language: LanguageVersion.CSharp13),
        ["in of every kind"] = Ask("in int a, in string? b, in (int x, int y) c, in T d, in CancellationToken ct", "<T>"),
        ["ref readonly"] = Ask("ref readonly int a, ref readonly T b, CancellationToken ct", "<T>"),
        ["core takes in by value and back"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(in Guid a, Guid b, ref readonly Guid c, CancellationToken ct);
            private Task<string> AskCoreAsync(Guid a, in Guid b, in Guid c) => Task.FromResult("");
            """)),
        ["scoped"] = Ask("scoped in Guid a, scoped ref readonly int b, CancellationToken ct"),
        ["ref"] = Ask("ref int a, CancellationToken ct", reported: "REL018"),
        ["out"] = Ask("out int a, CancellationToken ct", reported: "REL018"),
        ["span"] = Ask("Span<int> a, CancellationToken ct", reported: "REL018"),
        ["typed reference"] = Ask("TypedReference a, CancellationToken ct", reported: "REL018"),
        ["interpolated string handler"] = Ask("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler a, CancellationToken ct", reported: "REL018"),
        ["void pointer"] = new(Class("[Retry] public unsafe partial Task<string> AskAsync(void* p, CancellationToken ct);"), "REL018"),
        ["arrays of function pointers"] = new(Class("""
            [Retry] public unsafe partial Task<delegate*<int, void>[]> AskAsync(delegate* unmanaged[Cdecl]<in int, ref readonly long>[] f, int*[][] p, CancellationToken ct);
            private unsafe Task<delegate*<int, void>[]> AskCoreAsync(delegate* unmanaged[Cdecl]<in int, ref readonly long>[] f, int*[][] p) => throw new InvalidOperationException();
            """)),
        ["unsafe class"] = new("public unsafe partial class C(ReliableRuntime reliable) { public int* P; " + Method("int*[] all, CancellationToken ct") + " public object R => reliable; }"),
        ["tuples with names"] = Ask("(int @class, (string? Inner, int)[] Pairs, dynamic d) a, (T, T) b, ValueTuple<int> c, ValueTuple d, CancellationToken ct", "<T>", returns: "Task<(string @event, (int, int b) c)?>"),
        ["names of tuple elements differ"] = new(Class("""
            [Retry] public partial Task<(int a, int b)> AskAsync((int a, int b) p, CancellationToken ct);
            private Task<(int x, int y)> AskCoreAsync((int x, int y) p) => Task.FromResult(p);
            """)),
        ["arrays of every rank"] = Ask("int[,] a, string?[][,,]? b, T?[,][] c, CancellationToken ct", "<T>"),
        ["nullable everything"] = Ask("string? a, int? b, List<string?>? c, Dictionary<string, int?[]?>?[]? d, Func<string?, Task<int?>?>? e, CancellationToken ct", returns: "Task<List<string?[]?>?>"),
        ["attributes on parameters"] = new("""
            using System.Diagnostics.CodeAnalysis; using System.ComponentModel;
            public partial class C(ReliableRuntime reliable)
            {
                [Retry, Description("x"), EditorBrowsable(EditorBrowsableState.Never)] [return: Description("r")]
                public partial Task<string> AskAsync([Description("q \"quoted\"")] string q, [NotNull] string? n, [AllowNull] string a, [DisallowNull] string? d, [StringSyntax("Regex")] string s, CancellationToken ct);
                private Task<string> AskCoreAsync([DisallowNull] string q, string? n, [AllowNull] string a, string? d, string s) => Task.FromResult(q);
            }
            """),
        ["core that refuses null by attribute"] = new(
            "using System.Diagnostics.CodeAnalysis;\n" + Class("""
            [Retry] public partial Task<string> AskAsync(string? q, CancellationToken ct);
            private Task<string> AskCoreAsync([DisallowNull] string? q) => Task.FromResult(q);
            """), "REL005"),
        ["method with promises"] = new("""
            using System.Diagnostics.CodeAnalysis;
            public partial class C(ReliableRuntime reliable)
            {
                private string? _a;
                [Retry, MemberNotNull(nameof(_a))] public partial Task<string> AskAsync([NotNull] object? q, CancellationToken ct);
                [MemberNotNull(nameof(_a))] private Task<string> AskCoreAsync([NotNull] object? q) { _a = ""; ArgumentNullException.ThrowIfNull(q); return Task.FromResult(_a); }
                [Retry, DoesNotReturn] public partial Task<string> ThrowAsync(CancellationToken ct);
                [DoesNotReturn] private Task<string> ThrowCoreAsync() => throw new InvalidOperationException();
            }
            """),
        ["names of our locals"] = Ask("int self, int state, int attempt, int token, int inner, int runtime, int userIdX, int @this, int retry, int usage, int operation, int answer, int cancellationToken, CancellationToken progress"),
        ["name of the only parameter is ours"] = new("""
            public static partial class C
            {
                [Retry] public static partial Task<string> AskAsync(ReliableRuntime reliable, string token, CancellationToken ct);
                private static Task<string> AskCoreAsync(string token, AttemptContext attempt, CancellationToken ct) => Task.FromResult(token);
                [Retry] public static partial Task<string> TellAsync(ReliableRuntime state, string attempt, CancellationToken token);
                private static Task<string> TellCoreAsync(string attempt, AttemptContext c, CancellationToken ct) => Task.FromResult(attempt);
            }
            """),
        ["discards as names"] = Ask("int _, int __, string ___, CancellationToken ____"),
        ["keywords as names"] = Ask("int @class, string @await, object? @field, int @record, int @scoped, int @nameof, int @global, int @value, int @async, int @yield, int @file, int @required, CancellationToken @default"),
        ["unicode names"] = Ask("string größe, int 数, long ᐁ, int a\\u0301b, CancellationToken ж"),
        ["names that differ by case"] = Ask("int a, int A, string Self, string State, int Token, CancellationToken ct"),
        ["names that tuples keep"] = Ask("int Item1, int Item2, int Rest, int ToString, int Item0, int Item01, int Item10000000, int Create, int GetType, int MemberwiseClone, int Finalize, CancellationToken ct"),
        ["name of the class, the method and the core"] = Ask("int C, int AskAsync, int AskCoreAsync, int s_askAsyncPolicy, int Runtime, CancellationToken ct"),
        ["seven, eight and sixteen"] = new(Class("""
            [Retry] public partial Task<string> A(int a, int b, int c, int d, int e, int f, CancellationToken ct); private Task<string> ACore(int a, int b, int c, int d, int e, int f) => Task.FromResult("");
            [Retry] public partial Task<string> B(int a, int b, int c, int d, int e, int f, int g, CancellationToken ct); private Task<string> BCore(int a, int b, int c, int d, int e, int f, int g) => Task.FromResult("");
            [Retry] public partial Task<string> D(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, CancellationToken ct); private Task<string> DCore(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o) => Task.FromResult("");
            """)),
        ["two tokens"] = Ask("CancellationToken a, CancellationToken b", reported: "REL019"),
        ["token that may be null"] = new(Class("""
            [Retry] public partial Task<string> AskAsync(CancellationToken? ct);
            private Task<string> AskCoreAsync(CancellationToken? ct) => Task.FromResult("");
            """)),
        ["progress of something else"] = Ask("IProgress<int> p, IProgress<RetryStatus> q, CancellationToken ct"),
        ["runtime that may be null"] = new("""
            public partial class C
            {
                [Retry] public static partial Task<string> AskAsync(ReliableRuntime? r, CancellationToken ct);
                private static Task<string> AskCoreAsync() => Task.FromResult("");
                [Retry] public static partial Task<string> TellAsync(in ReliableRuntime r, CancellationToken ct);
                private static Task<string> TellCoreAsync(ReliableRuntime r) => Task.FromResult("");
            }
            """),
        ["user ids of many types"] = new(Class("""
            [UsageTransaction] public partial Task<string> A(nint userId, CancellationToken ct); private Task<string> ACore(nint userId) => Task.FromResult("");
            [UsageTransaction] public partial Task<string> B(in Guid? userId, [ModelId] DateTimeOffset m, CancellationToken ct); private Task<string> BCore(in Guid? userId, DateTimeOffset m) => Task.FromResult("");
            [UsageTransaction] public partial Task<string> D(string? userId, CancellationToken ct); private Task<string> DCore(string? userId) => Task.FromResult("");
            [UsageTransaction] public partial Task<string> E(System.Net.IPAddress userId, CancellationToken ct); private Task<string> ECore(System.Net.IPAddress userId) => Task.FromResult("");
            [UsageTransaction] public partial Task<string> F(DayOfWeek? userId, char? modelId, bool chatId, CancellationToken ct); private Task<string> FCore(DayOfWeek? userId, char? modelId, bool chatId) => Task.FromResult("");
            [UsageTransaction] public partial Task<string> G(Version? userId, System.Numerics.BigInteger? modelId, CancellationToken ct); private Task<string> GCore(Version? userId, System.Numerics.BigInteger? modelId) => Task.FromResult("");
            """)),
        ["user id with two texts"] = new("""
            public readonly struct Key : IFormattable { public string ToString(string? format, IFormatProvider? provider) => "k"; public string ToString(object? other, IFormatProvider? provider) => "o"; public string ToString(char[]? other, IFormatProvider? provider) => "o"; }
            """ + Class(Method("Key userId, CancellationToken ct", attributes: "[UsageTransaction]"))),
        ["user id that is a tuple"] = Ask("(int, int) userId, CancellationToken ct", attributes: "[UsageTransaction]", reported: "REL020"),
        ["user id that is an array"] = Ask("CancellationToken ct, params string[] userId", attributes: "[UsageTransaction]", reported: "REL020"),
        ["user id that is dynamic"] = Ask("dynamic userId, CancellationToken ct", attributes: "[UsageTransaction]", reported: "REL020"),
        ["user id that is anything"] = Ask("T userId, CancellationToken ct", "<T>", attributes: "[UsageTransaction]", reported: "REL020"),
        ["two users"] = Ask("[UserId] string a, [UserId] string b, CancellationToken ct", attributes: "[UsageTransaction]", reported: "REL019"),
        ["one parameter with every role"] = Ask("[UserId, ModelId, CorrelationId] string all, CancellationToken ct", attributes: "[UsageTransaction]"),
        ["no user"] = Ask("string user, CancellationToken ct", attributes: "[UsageTransaction]", reported: "REL006"),
        ["stream as an argument"] = Ask("System.IO.Stream s, CancellationToken ct", reported: "REL028"),
        ["varargs"] = new("public partial class C(ReliableRuntime reliable) { [Retry] public partial Task<string> AskAsync(CancellationToken ct, __arglist); }", "REL025"),
    };
}
