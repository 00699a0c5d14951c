using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes;

public sealed class UnusualShapeTests
{
    public static TheoryData<string> Shapes => [.. UnusualShapes.All.Keys, .. UnusualShapes.Interfaces.Keys];

    public static TheoryData<string> Refused => [.. UnusualShapes.Refused.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOn_CompilesWithoutWarning(string shape)
        => GeneratorHarness.Run(new ConsumerOptions(LanguageVersion.Preview, AllowUnsafe: true), Source(shape)).AssertClean();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOff_CompilesWithoutWarning(string shape)
    {
        ConsumerOptions options = new(LanguageVersion.CSharp13, NullableContextOptions.Disable, DocumentationMode.Parse, AllowUnsafe: true);
        GeneratorHarness.Run(options, "#pragma warning disable CS8632 // annotations are off\n" + Source(shape)).AssertClean();
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Generate_WhenItCannotBeWrapped_SaysSoAndLeavesNoErrorInAFile(string shape)
    {
        (string id, string source) = UnusualShapes.Refused[shape];
        GeneratorRun run = GeneratorHarness.Run(new ConsumerOptions(AllowUnsafe: true), source);

        Assert.Equal(id.Length == 0 ? [] : [id], run.Diagnostics.Where(static each => each.Severity >= DiagnosticSeverity.Warning).Select(static each => each.Id));
        Assert.DoesNotContain(run.CompilerDiagnostics, static each => each.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
    }

    private static string Source(string shape)
        => "#pragma warning disable CS0618, CS0612, CS8321, CS9113, CS0067, CS0649, CS1574, CS1734\n"
            + (UnusualShapes.All.TryGetValue(shape, out string? source) ? source : UnusualShapes.Interfaces[shape]);
}
