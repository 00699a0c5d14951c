using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class TypeRulesTests
{
    [Theory]
    [InlineData("Task<string> AskAsync(List<Missing> a, CancellationToken ct)", "List<Missing> a")]
    [InlineData("Task<Missing> AskAsync(CancellationToken ct)", "Task<Missing>")]
    [InlineData("Task<string> AskAsync(Missing[][] a, CancellationToken ct)", "Missing[][] a")]
    [InlineData("Task<string> AskAsync<T>(T a, CancellationToken ct) where T : List<Missing>", "T")]
    public void Check_WhenATypeOfTheSignatureIsUnknown_ReportsWhereItIs(string signature, string underlined)
        => GeneratorHarness.Run(Consumer.Class($"[Retry] public partial {signature};")).AssertReported("REL026", underlined);

    [Theory]
    [InlineData("Missing Other();", "Other")]
    [InlineData("void Other(Missing a);", "Other")]
    [InlineData("void Other<T>() where T : Missing;", "Other")]
    [InlineData("Missing? Other { get; }", "Other")]
    [InlineData("int this[Missing a] { get; }", "this")]
    [InlineData("event Missing Other;", "Other")]
    public void Check_WhenATypeOfAnInterfaceIsUnknown_ReportsTheMember(string member, string underlined)
        => GeneratorHarness.Run(Consumer.Interface("[Retry] Task<string> AskAsync(CancellationToken ct); " + member)).AssertReported("REL026", underlined);

    [Theory]
    [InlineData("[ValidateResponse(Validator = typeof(Missing))]")]
    [InlineData("[Retry(BackoffMs = [Missing.A])]")]
    [InlineData("[Retry(MaxRetries = Missing)]")]
    [InlineData("[Retry(Missing = 3)]")]
    [InlineData("[UsageTransaction(Counter = Missing)]")]
    public void Generate_WhenAnAttributeValueIsUnknown_LeavesTheErrorToTheCompiler(string attributes)
    {
        GeneratorRun run = GeneratorHarness.Run(Consumer.Method(attributes));

        Assert.Empty(run.Diagnostics);
        Assert.All(run.CompilerDiagnostics, static each => Assert.Equal("/consumer/File1.cs", each.Location.SourceTree?.FilePath));
        Assert.NotEmpty(run.CompilerDiagnostics);
    }
}
