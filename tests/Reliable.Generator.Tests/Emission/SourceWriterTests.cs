using Reliable.Generator.Emission;

namespace Reliable.Generator.Tests.Emission;

public sealed class SourceWriterTests
{
    [Fact]
    public void Line_WhenTextHasSeveralLines_IndentsEachButEmptyOnes()
    {
        SourceWriter writer = new();
        writer.Open("class C");
        writer.Line("a\r\n\n    b");
        writer.Close();

        Assert.Equal("class C\n{\n    a\n\n        b\n}\n", writer.ToSourceText().ToString());
    }
}
