using Microsoft.CodeAnalysis.CSharp;
using static Reliable.Generator.Tests.Shapes.Collection.Shape;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>Types of answers whose members are checked by generated code.</summary>
internal static class AnswerTypeShapes
{
    private const string Usings = "using System.ComponentModel.DataAnnotations;\n";

    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["record with everything"] = Answer("Plan", "public sealed record Plan(string A, int B, string? C = null) { public required List<Plan> D { get; init; } [Required] public object? E { get; set; } [Range(1, 2)] public int F; }"),
        ["record struct of nullables"] = Answer("List<Plan?>", "public readonly record struct Plan([property: Range(1, 2)] int? A, string B);"),
        ["interface with a generic part"] = Answer("IPlan<Step>", "public interface IPlan<T> { [Required] T? Value { get; } IReadOnlyList<T?> All { get; } } public class Step { public required string Text { get; set; } }"),
        ["generic base class"] = Answer("Plan", "public abstract class Base<T> { public required T Value { get; set; } [MinLength(1)] public T[]? All { get; set; } } public class Plan : Base<string> { [Required] public string? Own { get; set; } }"),
        ["private nested record"] = new(Usings + Class("[ValidateResponse] private partial Task<Own> AskAsync(CancellationToken ct); private Task<Own> AskCoreAsync() => null!; private sealed record Own(string A, Inner B) { } private protected sealed class Inner { public required string X { get; set; } }")),
        ["names of our class"] = Answer("Check", "public record Check(string value, string check, string CheckList, AskAsyncRules AskAsyncRules, List<Check> s_rule1); public record AskAsyncRules(string Check, [property: Url] string? @class);"),
        ["keywords and unicode"] = Answer("@class", "public record @class(string @event, string größe, [property: StringLength(5)] string? @value);"),
        ["endless generics"] = Answer("Node<int>", "public class Node<T> { public required string Name { get; set; } public Node<Node<T>>? Next { get; set; } }", "REL034"),
        ["generics that double"] = Answer("Tree<int>", "public class Tree<T> { public required string Name { get; set; } public Tree<(T, T)>? Next { get; set; } }", "REL034"),
        ["texts that must be escaped"] = Answer("Plan", "public class Plan { [RegularExpression(\"^\\\\d+\\\"\\u2028$\", ErrorMessage = \"{0} \\ud800\")] public string? A { get; set; } [AllowedValues('\\'', \"\\0\", double.NaN, float.NegativeInfinity, long.MinValue, ulong.MaxValue, (byte)1, null)] public object? B { get; set; } [Range(double.NegativeInfinity, double.PositiveInfinity)] public double C { get; set; } [Range(int.MinValue, int.MaxValue)] public int D { get; set; } }"),
        ["annotations with named and typed arguments"] = Answer("Plan", "public class Plan { [Range(typeof(TimeSpan), \"00:00:01\", \"1\", MinimumIsExclusive = true, ErrorMessage = \"x\")] public TimeSpan? A { get; set; } [Length(1, 3, ErrorMessage = \"y\")] public Dictionary<string, int>? B { get; set; } [FileExtensions(Extensions = \"a,b\")] public string? C { get; set; } [Base64String] public string? D { get; set; } [DeniedValues(1, \"a\")] public object? E { get; set; } [DataType(DataType.Date)] public string? F { get; set; } }"),
        ["members that cannot be read"] = Answer("Plan", "public class Plan { public required string A { get; set; } public string? W { set { } } public string this[int i] => \"\"; public ReadOnlySpan<char> S => default; public static string? T { get; set; } [Obsolete(\"\", true)] public string? O { get; set; } public unsafe int* P => null; public string? H { private get; set; } public event Action? E; public void M() => E?.Invoke(); }"),
        ["explicit interface members"] = Answer("Plan", "public interface IHas { [Required] string? Name { get; } } public class Plan : IHas { public required string Own { get; set; } string? IHas.Name => null; }"),
        ["obsolete and experimental members"] = new(Usings + "#pragma warning disable CS0612, CS0618, X1\n" + "public class Plan { [Obsolete] public Step? A { get; set; } public List<Step>? B { get; set; } public required string D { get; set; } } [Obsolete(\"x\"), System.Diagnostics.CodeAnalysis.Experimental(\"X1\")] public class Step { public required string T { get; set; } }\n" + Class("[ValidateResponse] public partial Task<Plan> AskAsync(CancellationToken ct); private Task<Plan> AskCoreAsync() => null!;")),
        ["answer that validates itself"] = Answer("Plan", "public class Plan : IValidatableObject { public IEnumerable<System.ComponentModel.DataAnnotations.ValidationResult> Validate(ValidationContext c) => []; }"),
        ["type parameter of the class"] = new(Usings + "public class Box<T> { public required T Value { get; set; } }\npublic partial class C<T>(ReliableRuntime r) where T : class { [ValidateResponse] public partial Task<Box<T>> AskAsync(CancellationToken ct); private Task<Box<T>> AskCoreAsync() => null!; }"),
        ["type parameter of the method"] = new("public class Box<T> { public required string Value { get; set; } }" + Class("[ValidateResponse] public partial Task<Box<T>> AskAsync<T>(CancellationToken ct); private Task<Box<T>> AskCoreAsync<T>() => null!;"), "REL017"),
        ["nothing to check"] = Answer("Plan", "public class Plan { public string? A { get; set; } public int B { get; set; } }", "REL017"),
        ["framework type"] = Answer("Uri", "", "REL017"),
        ["number"] = Answer("int", "", "REL017"),
        ["answer of a file type"] = Answer("Plan", "public class Plan { public required string A { get; set; } public object? Hidden => new F(); } file class F;"),
        ["validators of every kind"] = new("""
            public class V : IResponseValidator<object?> { public ValidationResult Validate(object? response) => ValidationResult.Valid; }
            public struct W<T> : IAsyncResponseValidator<T> { public ValueTask<ValidationResult> ValidateAsync(T response, CancellationToken ct) => new(ValidationResult.Valid); }
            public partial class C(ReliableRuntime reliable)
            {
                private sealed class P : IResponseValidator<string> { public ValidationResult Validate(string response) => ValidationResult.Valid; }
                [ValidateResponse(Validator = typeof(V))] public partial Task<string> A(CancellationToken ct); private Task<string> ACore() => null!;
                [ValidateResponse(Validator = typeof(W<List<int>>))] public partial Task<List<int>> B(CancellationToken ct); private Task<List<int>> BCore() => null!;
                [ValidateResponse(Validator = typeof(P))] public partial Task<string> D(CancellationToken ct); private Task<string> DCore() => null!;
                [ValidateResponse(Validator = typeof(IAsyncResponseValidator<Uri>))] public partial Task<Uri> E(CancellationToken ct); private Task<Uri> ECore() => null!;
                [ValidateResponse(Validator = typeof(IStreamValidator<int>))] public partial IAsyncEnumerable<int> F(CancellationToken ct); private IAsyncEnumerable<int> FCore() => null!;
            }
            """),
        ["validator of another type"] = new("public class V : IResponseValidator<int> { public ValidationResult Validate(int response) => ValidationResult.Valid; }" + Class(Method("CancellationToken ct", attributes: "[ValidateResponse(Validator = typeof(V))]")), "REL015"),
        ["validator that is open"] = new("public class V<T> : IResponseValidator<T> { public ValidationResult Validate(T response) => ValidationResult.Valid; }" + Class(Method("CancellationToken ct", attributes: "[ValidateResponse(Validator = typeof(V<>))]")), "REL016"),
        ["validator that is no class"] = Ask("CancellationToken ct", attributes: "[ValidateResponse(Validator = typeof(int[]))]", reported: "REL015"),
        ["validator that is void"] = Ask("CancellationToken ct", attributes: "[ValidateResponse(Validator = typeof(void))]", reported: "REL015"),
        ["validator with required members"] = new("public class V : IResponseValidator<string> { public required int A { get; set; } public ValidationResult Validate(string response) => ValidationResult.Valid; }" + Class(Method("CancellationToken ct", attributes: "[ValidateResponse(Validator = typeof(V))]")), "REL016"),
        ["deep answer behaves"] = new(Usings + """
            public record Plan(string Title, Step[] Steps, (Step First, int Count) Pair); public record Step(string Text, [Range(1, 9)] int Minutes);
            public partial class Script(ReliableRuntime reliable)
            {
                [ValidateResponse] public partial Task<Plan> AskAsync(CancellationToken ct);
                private Task<Plan> AskCoreAsync() => Task.FromResult(new Plan("", [new("a", 1), new("b", 0)], (new(" ", 2), 1)));
                public static async Task<string> RunAsync(ReliableRuntime runtime) { try { await new Script(runtime).AskAsync(default); return ""; } catch (RetriesExhaustedException e) { return e.Attempts[0].Message ?? ""; } }
            }
            """, Answer: "Title: a text is required; Steps[1].Minutes: The field Minutes must be between 1 and 9.; Pair.First.Text: a text is required"),
    };

    private static Shape Answer(string type, string declaration, string reported = "", LanguageVersion language = LanguageVersion.CSharp12)
        => new(Usings + Class($"[ValidateResponse] public partial Task<{type}> AskAsync(CancellationToken ct); private Task<{type}> AskCoreAsync() => null!;", declaration), reported, Language: language);
}
