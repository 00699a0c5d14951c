using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Execution;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>The shapes that can be run, and one that needs another assembly.</summary>
public sealed class ShapeExecutionTests
{
    public static TheoryData<string> Scripts => ShapeCollection.Scripts;

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Call_WhenTheShapeIsRun_Behaves(string name)
    {
        Shape shape = ShapeCollection.All[name];
        Assert.Equal(shape.Answer, await Script.RunAsync(shape.Source));
    }

    /// <summary>A type that can be named by an alias only cannot be named in a file that does not know the alias.</summary>
    [Fact]
    public void Generate_WhenATypeIsBehindAnExternAlias_SaysSo()
    {
        const string Source = """
            extern alias other;
            using System.Threading;
            using System.Threading.Tasks;
            using Reliable;
            public class V : IResponseValidator<string> { public ValidationResult Validate(string response) => ValidationResult.Valid; }
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(other::Elsewhere.Thing[] all, CancellationToken ct);
                private Task<string> AskCoreAsync(other::Elsewhere.Thing[] all) => Task.FromResult("");
                [ValidateResponse(Validator = typeof(other::Elsewhere.V))] public partial Task<string> TellAsync(CancellationToken ct);
                private Task<string> TellCoreAsync() => Task.FromResult("");
            }
            """;
        ConsumerOptions options = new();
        CSharpCompilation elsewhere = options.Compile("namespace Elsewhere { public class Thing; public class V : Reliable.IResponseValidator<string> { public Reliable.ValidationResult Validate(string response) => Reliable.ValidationResult.Valid; } }")
            .WithAssemblyName("Elsewhere");
        CSharpCompilation compilation = options.Compile(Source).AddReferences(elsewhere.ToMetadataReference(aliases: ["other"]));

        GeneratorHarness.Driver(options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var reported, TestContext.Current.CancellationToken);

        Assert.Equal(["REL016", "REL026"], reported.Select(static each => each.Id).Order());
        Assert.DoesNotContain(output.GetDiagnostics(TestContext.Current.CancellationToken), ShapeCollection.IsGenerated);
    }
}
