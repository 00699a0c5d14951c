using Microsoft.CodeAnalysis;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>All shapes in the oldest language that has them, nullable off.</summary>
public sealed class OldestLanguageShapeTests
{
    public static TheoryData<string> Names => ShapeCollection.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Generate_WhenNullableIsOffAndLanguageIsOldest_CompilesOrSaysWhyNot(string name)
    {
        Shape shape = ShapeCollection.All[name];
        ShapeCollection.AssertOutcome(
            shape, new ConsumerOptions(shape.Language, NullableContextOptions.Disable, DocumentationMode.Parse, AllowUnsafe: true, ImplicitUsings: false));
    }
}
