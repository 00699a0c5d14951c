using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes;

public sealed class AnswerShapeTests
{
    public static TheoryData<string> Shapes => [.. AnswerShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOn_CompilesWithoutWarning(string shape)
        => GeneratorHarness.Run(Source(shape)).AssertClean();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOffAndLanguageIsOldest_CompilesWithoutWarning(string shape)
    {
        ConsumerOptions options = new(LanguageVersion.CSharp12, NullableContextOptions.Disable, DocumentationMode.Parse);
        GeneratorHarness.Run(options, "#pragma warning disable CS8632 // annotations are off\n" + Source(shape)).AssertClean();
    }

    [Fact]
    public void Generate_WhenAStreamIsReturned_CallsTheRunnerForStreams()
    {
        string source = GeneratorHarness.Run(Consumer.Method("[Retry, UsageTransaction]", "IAsyncEnumerable<string>")).AssertClean().Source;

        Assert.Contains("=> global::Reliable.Calls.CallRunner.StreamAsync(", source, StringComparison.Ordinal);
        Assert.Contains("static (state, attempt, token) => state.self.AskCoreAsync(state.@userId, token),", source, StringComparison.Ordinal);
        Assert.Contains("userId: @userId,", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_WhenThereIsNoAnswer_CallsTheRunner()
        => Assert.Contains(
            "CallRunner.RunAsync(", GeneratorHarness.Run(Consumer.Method("[Retry]", "ValueTask")).AssertClean().Source, StringComparison.Ordinal);

    [Theory]
    [InlineData("[Required] public string? A { get; set; }", true)]
    [InlineData("public required string A { get; set; }", true)]
    [InlineData("public required string? A { get; set; }", false)]
    [InlineData("public required int A { get; set; }", false)]
    [InlineData("public string A { get; set; } = \"\";", false)]
    [InlineData("public Inner? A { get; set; } public class Inner { public required string B { get; set; } }", true)]
    [InlineData("private required string A { get; set; }", false)]
    [InlineData("[Required] public static string? A { get; set; }", false)]
    public void Generate_WhenAMemberIsRequired_WritesRules(string member, bool hasRules)
    {
        GeneratorRun run = GeneratorHarness.Run($$"""
            using System.ComponentModel.DataAnnotations;
            #pragma warning disable CS9032 // a required member that nobody can set
            public class Answer { {{member}} }
            {{Consumer.Method("[ValidateResponse]", "Task<Answer>")}}
            """);

        Assert.Equal(hasRules, run.Source.Contains("AnswerRules.Of<global::Answer>", StringComparison.Ordinal));
        Assert.Equal(hasRules ? [] : ["REL017"], run.Diagnostics.Select(static each => each.Id));
    }

    [Theory]
    [InlineData("[Compare(\"B\")] public string? A { get; set; }", "[Compare] on 'Answer.A'")]
    [InlineData("[CustomValidation(typeof(Answer), \"Check\")] public string? A { get; set; } public static System.ComponentModel.DataAnnotations.ValidationResult? Check(string? s) => null;", "[CustomValidation] on 'Answer.A'")]
    [InlineData("[Range(typeof(string), \"a\", \"b\")] public string? A { get; set; }", "[Range] on 'Answer.A'")]
    [InlineData("[MinLength(1)] public IEnumerable<int>? A { get; set; }", "[MinLength] on 'Answer.A'")]
    [InlineData("[Mine] public string? A { get; set; } private sealed class MineAttribute : ValidationAttribute;", "[Mine] on 'Answer.A'")]
    public void Generate_WhenAnAnnotationCannotBeChecked_SaysSo(string member, string expected)
    {
        GeneratorRun run = GeneratorHarness.Run($$"""
            using System.ComponentModel.DataAnnotations;
            public class Answer { public required string B { get; set; } {{member}} }
            {{Consumer.Method("[ValidateResponse]", "Task<Answer>")}}
            """);

        Microsoft.CodeAnalysis.Diagnostic diagnostic = run.AssertOnly("REL032", "ValidateResponse");
        Assert.StartsWith(expected, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_WhenAnAnswerContainsItselfAroundItself_SaysWhereItEnds()
    {
        GeneratorRun run = GeneratorHarness.Run($$"""
            public class Tree<T> { public required string Name { get; set; } public Tree<Tree<T>>? Inner { get; set; } }
            {{Consumer.Method("[ValidateResponse]", "Task<Tree<int>>")}}
            """);

        Microsoft.CodeAnalysis.Diagnostic diagnostic = run.AssertOnly("REL034", "ValidateResponse");
        Assert.Contains("8 generic types within each other", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    public void Generate_WhenAnAnswerIsMadeOfManyTypes_SaysWhereItEnds(int types, bool isCut)
    {
        string classes = string.Concat(Enumerable.Range(1, types).Select(
            number => $"public class Part{number} {{ public required string Name {{ get; set; }} {(number < types ? $"public Part{number + 1}? Next {{ get; set; }} " : "")}}}\n"));

        GeneratorRun run = GeneratorHarness.Run(classes + Consumer.Method("[ValidateResponse]", "Task<Part1>"));

        if (isCut)
        {
            Assert.StartsWith(
                "'Part65' is not looked into: an answer is checked through 64 types.",
                run.AssertOnly("REL034", "ValidateResponse").GetMessage(System.Globalization.CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
        }
        else
        {
            run.AssertClean();
        }
    }

    [Theory]
    [InlineData("Stream")]
    [InlineData("FileStream?")]
    [InlineData("IAsyncEnumerable<int>")]
    [InlineData("IEnumerator<int>")]
    [InlineData("List<int>.Enumerator")]
    [InlineData("TextReader")]
    [InlineData("HttpContent")]
    public void Generate_WhenAnArgumentIsUsedUp_WarnsUnderRetryOnly(string type)
    {
        GeneratorHarness.Run("using System.IO; using System.Net.Http;" + Consumer.Method("[Retry]", parameters: $"{type} input, CancellationToken ct"))
            .AssertOnly("REL028", $"{type} input");
        GeneratorHarness.Run("using System.IO; using System.Net.Http;" + Consumer.Method("[Retry(MaxRetries = 0)]", parameters: $"{type} input, CancellationToken ct"))
            .AssertClean();
        GeneratorHarness.Run("using System.IO; using System.Net.Http;" + Consumer.Method("[ValidateResponse]", parameters: $"{type} input, CancellationToken ct"))
            .AssertClean();
    }

    [Fact]
    public void Generate_WhenTheInterfaceIsAnnotatedToo_WarnsAtTheClass()
        => GeneratorHarness.Run("""
            public interface I { [Retry] Task<string> AskAsync(string q, CancellationToken ct); [Retry] Task<string> TellAsync(string q, CancellationToken ct); Task<string> SayAsync(CancellationToken ct); }
            public partial class C(ReliableRuntime reliable) : I
            {
                [Retry] public partial Task<string> AskAsync(string q, CancellationToken ct);
                private Task<string> AskCoreAsync(string q) => Task.FromResult(q);
                public Task<string> TellAsync(string q, CancellationToken ct) => Task.FromResult(q);
                [Retry] public partial Task<string> SayAsync(CancellationToken ct);
                private Task<string> SayCoreAsync() => Task.FromResult("");
                [Retry] public partial Task<string> AskAsync(int q, CancellationToken ct);
                private Task<string> AskCoreAsync(int q) => Task.FromResult("");
            }
            """).AssertOnly("REL031", "AskAsync");

    private static string Source(string shape) => "#pragma warning disable CS0612\n" + AnswerShapes.All[shape];
}
