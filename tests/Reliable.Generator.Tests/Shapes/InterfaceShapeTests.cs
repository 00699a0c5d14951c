using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes;

public sealed class InterfaceShapeTests
{
    public static TheoryData<string> Shapes => [.. InterfaceShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOn_CompilesWithoutWarning(string shape)
        => GeneratorHarness.Run(InterfaceShapes.All[shape]).AssertClean();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Generate_WhenNullableIsOffAndLanguageIsOldest_CompilesWithoutWarning(string shape)
    {
        ConsumerOptions options = new(LanguageVersion.CSharp12, NullableContextOptions.Disable, DocumentationMode.Parse);
        GeneratorHarness.Run(options, "#pragma warning disable CS8632 // annotations are off\n" + InterfaceShapes.All[shape]).AssertClean();
    }

    [Fact]
    public void Generate_WhenMembersTakePointers_CompilesWithoutWarning()
        => GeneratorHarness.Run(new ConsumerOptions(AllowUnsafe: true), """
            public unsafe interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); int* Find(void* a, delegate*<int, void> b); int* P { get; } int this[int*[] a] { get; } }
            """).AssertClean();
}
