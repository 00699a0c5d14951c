using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Diagnostics;

/// <summary>Each rule has a page, and each page is true: its wrong code gives that diagnostic and its right code gives none.</summary>
public sealed partial class DiagnosticPageTests
{
    private static readonly DiagnosticDescriptor[] s_descriptors =
    [
        .. typeof(DiagnosticDescriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static each => (DiagnosticDescriptor)each.GetValue(null)!),
    ];

    public static TheoryData<string> Ids => [.. s_descriptors.Select(static descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void WrongCode_WhenGenerated_GivesTheDiagnosticOfThePage(string id)
    {
        // Only a missing package needs another project to be seen.
        ConsumerOptions options = new(HasRuntime: id != "REL027");

        GeneratorRun run = GeneratorHarness.Run(options, Code(id, "Wrong"));

        Assert.Equal(id, Assert.Single(run.Diagnostics.Concat(run.AnalyzerDiagnostics)).Id);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void RightCode_WhenGenerated_CompilesWithoutWarning(string id)
        => Assert.Empty(GeneratorHarness.Run(Code(id, "Right")).AssertClean().AssertAnalyzed().Diagnostics);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_WhenRead_LinksToItsPageAndIsListed(string id)
    {
        DiagnosticDescriptor descriptor = s_descriptors.Single(each => each.Id == id);

        Assert.Equal($"docs/diagnostics/{id}.md", descriptor.HelpLinkUri);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Contains($"[{id}]({id}.md)", Page("README"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_WhenAnError_CannotBeSwitchedOff(string id)
    {
        DiagnosticDescriptor descriptor = s_descriptors.Single(each => each.Id == id);

        Assert.Equal(
            descriptor.DefaultSeverity == DiagnosticSeverity.Error,
            descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable));
    }

    [Fact]
    public void Ids_WhenListed_AreConsecutive()
        => Assert.Equal(Enumerable.Range(1, s_descriptors.Length).Select(static number => $"REL{number:000}"), s_descriptors.Select(static each => each.Id).Order());

    private static string Page(string name)
        => File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics", name + ".md")).ReplaceLineEndings("\n");

    private static string Code(string id, string heading)
        => CodeBlock().Matches(Page(id)).Single(match => match.Groups["heading"].Value == heading).Groups["code"].Value;

    [GeneratedRegex("## (?<heading>\\w+)\n\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
