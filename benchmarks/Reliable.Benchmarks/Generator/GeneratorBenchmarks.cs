using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.CodeAnalysis;

namespace Reliable.Benchmarks.Generator;

/// <summary>
/// What the generator costs in a build (first run) and at a keystroke (one edit), beside a generator that does nothing but find the methods. Each edit ends with all
/// outputs up to date, as an editor needs them.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class GeneratorBenchmarks
{
    private GeneratedProject _project = null!;
    private GeneratorDriver _bare = null!;
    private GeneratorDriver _ours = null!;
    private int _edit;

    [Params(10, 100, 1_000)]
    public int Methods { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _project = new GeneratedProject(Methods);
        _bare = GeneratedProject.Driver(new BareGenerator()).RunGenerators(_project.Compilation);
        _ours = GeneratedProject.Driver(new Reliable.Generator.ReliableGenerator()).RunGenerators(_project.Compilation);
        int written = _ours.GetRunResult().GeneratedTrees.Length;
        if (written != Methods || !_ours.GetRunResult().Diagnostics.IsEmpty)
            throw new InvalidOperationException($"{written} files for {Methods} methods, {_ours.GetRunResult().Diagnostics.FirstOrDefault()}");
    }

    [Benchmark(Baseline = true, Description = "the compiler alone")]
    [BenchmarkCategory("first run")]
    public GeneratorDriver FirstRunBare() => GeneratedProject.Driver(new BareGenerator()).RunGenerators(_project.Anew());

    [Benchmark(Description = "Reliable")]
    [BenchmarkCategory("first run")]
    public GeneratorDriver FirstRun() => GeneratedProject.Driver(new Reliable.Generator.ReliableGenerator()).RunGenerators(_project.Anew());

    [Benchmark(Baseline = true, Description = "the compiler alone")]
    [BenchmarkCategory("edit of a body")]
    public GeneratorDriver BodyEditBare() => _bare = _bare.RunGenerators(_project.AfterBodyEdit(_edit++));

    [Benchmark(Description = "Reliable")]
    [BenchmarkCategory("edit of a body")]
    public GeneratorDriver BodyEdit() => _ours = _ours.RunGenerators(_project.AfterBodyEdit(_edit++));

    [Benchmark(Baseline = true, Description = "the compiler alone")]
    [BenchmarkCategory("edit of an attribute")]
    public GeneratorDriver AttributeEditBare() => _bare = _bare.RunGenerators(_project.AfterAttributeEdit(_edit++));

    [Benchmark(Description = "Reliable")]
    [BenchmarkCategory("edit of an attribute")]
    public GeneratorDriver AttributeEdit() => _ours = _ours.RunGenerators(_project.AfterAttributeEdit(_edit++));

    [Benchmark(Baseline = true, Description = "the compiler alone")]
    [BenchmarkCategory("edit of a declaration")]
    public GeneratorDriver DeclarationEditBare() => _bare = _bare.RunGenerators(_project.AfterDeclarationEdit(_edit++));

    [Benchmark(Description = "Reliable")]
    [BenchmarkCategory("edit of a declaration")]
    public GeneratorDriver DeclarationEdit() => _ours = _ours.RunGenerators(_project.AfterDeclarationEdit(_edit++));
}
