using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>
/// Runs the generator. Every run happens twice, the second time on an equal compilation, and fails unless the second one is served from the cache
/// and the models are free of anything that keeps a compilation alive.
/// </summary>
internal static class GeneratorHarness
{
    /// <summary>What a project with implicit usings switched on would add.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using Reliable;
        """;

    public static GeneratorRun Run(string source) => Run(new ConsumerOptions(), source);

    public static GeneratorRun Run(ConsumerOptions options, params string[] sources)
    {
        CSharpCompilation compilation = options.ImplicitUsings
            ? options.Compile([Usings, .. sources])
            : options.Compile([.. sources.Select(static source => Usings.Replace("global using", "using", StringComparison.Ordinal) + "\n" + source)]);
        GeneratorDriver driver = Driver(options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorDriverRunResult first = driver.GetRunResult();
        AssertNothingThrown(first);
        ModelGraph.AssertPlain(first);

        GeneratorDriver again = driver.RunGenerators(compilation.Clone());
        CacheAssert.AllCached(again.GetRunResult());
        return new GeneratorRun(first, output);
    }

    public static GeneratorDriver Driver(ConsumerOptions options) => CSharpGeneratorDriver.Create(
        [new ReliableGenerator().AsSourceGenerator()],
        parseOptions: options.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static void AssertNothingThrown(GeneratorDriverRunResult result)
        => Assert.All(result.Results, static each => Assert.True(each.Exception is null, each.Exception?.ToString()));
}
