using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class ValidatorRulesTests
{
    private const string Body = "{ public ValidationResult Validate(string response) => ValidationResult.Valid; }";

    [Theory]
    [InlineData("public class V;", "V")]
    [InlineData("public class V : IResponseValidator<int> { public ValidationResult Validate(int response) => ValidationResult.Valid; }", "V")]
    [InlineData("public static class V;", "V")]
    [InlineData("public class W;", "int[]")]
    public void Check_WhenItJudgesAnotherType_ReportsTheType(string declaration, string type)
        => GeneratorHarness.Run(Consumer.Method($"[ValidateResponse(Validator = typeof({type}))]") + declaration).AssertOnly("REL015", $"typeof({type})");

    [Theory]
    [InlineData("public abstract class V : IResponseValidator<string> " + Body, "V")]
    [InlineData("file interface V : IResponseValidator<string>;", "V")]
    [InlineData("public class V(int a) : IResponseValidator<string> { public int A => a; public ValidationResult Validate(string response) => ValidationResult.Valid; }", "V")]
    [InlineData("public class V : IResponseValidator<string> { private V() { } public ValidationResult Validate(string response) => ValidationResult.Valid; }", "V")]
    [InlineData("public class V : IResponseValidator<string> { public required int A { get; set; } public ValidationResult Validate(string response) => ValidationResult.Valid; }", "V")]
    [InlineData("public class V<T> : IResponseValidator<string> " + Body, "V<>")]
    [InlineData("file class V : IResponseValidator<string> " + Body, "V")]
    public void Check_WhenItCannotBeConstructed_ReportsTheType(string declaration, string type)
        => GeneratorHarness.Run(Consumer.Method($"[ValidateResponse(Validator = typeof({type}))]") + declaration).AssertOnly("REL016", $"typeof({type})");

    [Fact]
    public void Check_WhenValidatorOfAnInterfaceMethodIsPrivate_ReportsTheType()
        => GeneratorHarness.Run(Consumer.Interface($$"""
            [ValidateResponse(Validator = typeof(V))] Task<string> AskAsync(CancellationToken ct); private class V : IResponseValidator<string> {{Body}}
            """)).AssertOnly("REL016", "typeof(V)");

    [Theory]
    [InlineData("public struct V : IResponseValidator<string> " + Body)]
    [InlineData("public class V : IResponseValidator<object> { public ValidationResult Validate(object response) => ValidationResult.Valid; }")]
    [InlineData("public partial class C { private class V : IResponseValidator<string> " + Body + " }")]
    [InlineData("public class V : IResponseValidator<string> { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] internal V() => A = 1; public required int A { get; set; } public ValidationResult Validate(string response) => ValidationResult.Valid; }")]
    public void Check_WhenItCanBeConstructed_NamesItInThePolicy(string declaration)
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Method("[ValidateResponse(Validator = typeof(V))]") + declaration).AssertClean();

        Assert.Contains("validator: static () => new global::", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task<string>", "IResponseValidator<string>")]
    [InlineData("ValueTask<int>", "IAsyncResponseValidator<int>")]
    [InlineData("Task<string>", "V")]
    public void Check_WhenItIsAnInterface_LeavesItToTheServices(string returns, string type)
    {
        GeneratorRun run = GeneratorHarness.Run(
            Consumer.Method($"[ValidateResponse(Validator = typeof({type}))]", returns) + "public interface V : IResponseValidator<string>;").AssertClean();

        Assert.DoesNotContain("validator:", run.Source, StringComparison.Ordinal);
    }
}
