using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>All shapes as a new project has them: nullable on.</summary>
public sealed class ShapeCollectionTests
{
    public static TheoryData<string> Names => ShapeCollection.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Generate_WhenNullableIsOn_CompilesOrSaysWhyNot(string name)
    {
        Shape shape = ShapeCollection.All[name];
        LanguageVersion language = ShapeCollection.Later(LanguageVersion.CSharp13, shape.Language);
        ShapeCollection.AssertOutcome(shape, new ConsumerOptions(language, AllowUnsafe: true, ImplicitUsings: false));
    }
}
