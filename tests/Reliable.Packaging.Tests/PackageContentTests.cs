using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Reliable.Packaging.Infrastructure;

namespace Reliable.Packaging;

/// <summary>What is in the packages, file by file, and what they say of themselves.</summary>
public sealed class PackageContentTests(Packages packages)
{
    public static TheoryData<string> Libraries => ["Reliable.Abstractions", "Reliable.Runtime", "Reliable.Sqlite"];

    public static TheoryData<string> All => [.. Packages.Ids];

    [Fact]
    public void Pack_WhenRun_YieldsThesePackagesOnly()
        => Assert.Equal(
            Packages.Ids.Select(id => $"{id}.{packages.Version}.nupkg")
                .Concat(Libraries.Select(static row => row.Data).Select(id => $"{id}.{packages.Version}.snupkg"))
                .Order(StringComparer.Ordinal),
            Directory.GetFiles(packages.Source).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Package_WhenLibrary_HasAssemblyDocumentationReadmeAndIcon(string id)
    {
        string[] schema = id == "Reliable.Runtime" ? ["ConfigurationSchema.json", "buildTransitive/net10.0/Reliable.Runtime.targets"] : [];
        Assert.Equal(
            schema.Concat([$"{id}.nuspec", "README.md", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"]).Order(StringComparer.Ordinal), packages.Files(id));
        Assert.Equal(new[] { $"{id}.nuspec", $"lib/net10.0/{id}.pdb" }.Order(StringComparer.Ordinal), packages.Files(id, "snupkg"));
        Assert.NotEmpty(XElement.Parse(packages.ReadText(id, $"lib/net10.0/{id}.xml")).Descendants("member"));
    }

    [Fact]
    public void Package_WhenGenerator_HasAnalyzersOnly()
    {
        IReadOnlyList<string> files = packages.Files("Reliable.Generator");
        Assert.Equal(
            ["README.md", "Reliable.Generator.nuspec", "analyzers/dotnet/cs/Reliable.Generator.CodeFixes.dll", "analyzers/dotnet/cs/Reliable.Generator.dll", "icon.png"],
            files);
        XElement metadata = packages.Metadata("Reliable.Generator");
        Assert.Equal("true", metadata.Element("developmentDependency")?.Value);
        Assert.Null(metadata.Element("dependencies"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Package_WhenRead_SaysWhatItIs(string id)
    {
        XElement metadata = packages.Metadata(id);
        Assert.Equal("MIT", metadata.Element("license")?.Value);
        Assert.Equal("expression", metadata.Element("license")?.Attribute("type")?.Value);
        Assert.Equal("icon.png", metadata.Element("icon")?.Value);
        Assert.Equal("README.md", metadata.Element("readme")?.Value);
        Assert.NotEmpty(metadata.Element("tags")!.Value);
        Assert.InRange(metadata.Element("description")!.Value.Length, 40, 400);
        Assert.Contains(id, packages.ReadText(id, "README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reliable.Abstractions", "")]
    [InlineData(
        "Reliable.Runtime",
        "Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.Configuration.FileExtensions Microsoft.Extensions.DependencyInjection.Abstractions "
        + "Microsoft.Extensions.Diagnostics.HealthChecks Microsoft.Extensions.Hosting.Abstractions Microsoft.Extensions.Logging.Abstractions "
        + "Microsoft.Extensions.Options.ConfigurationExtensions Npgsql Polly.Core Reliable.Abstractions System.ClientModel")]
    [InlineData("Reliable.Sqlite", "Microsoft.Data.Sqlite.Core Reliable.Runtime SQLitePCLRaw.bundle_e_sqlite3")]
    public void Dependencies_WhenRead_AreThoseOfTheProject(string id, string expected)
    {
        XElement[] dependencies = [.. packages.Metadata(id).Descendants("dependency")];
        Assert.Equal(expected, string.Join(' ', dependencies.Select(static d => d.Attribute("id")!.Value).Order(StringComparer.Ordinal)));
        Assert.All(
            dependencies.Where(static d => d.Attribute("id")!.Value.StartsWith("Reliable.", StringComparison.Ordinal)),
            d => Assert.Equal(packages.Version, d.Attribute("version")!.Value));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Assembly_WhenPacked_IsDeterministic(string id)
    {
        string file = packages.Files(id).Single(f => f.EndsWith($"/{id}.dll", StringComparison.Ordinal));
        using var reader = new PEReader([.. packages.ReadBytes(id, file)]);
        Assert.Contains(reader.ReadDebugDirectory(), static entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    [Theory]
    [InlineData("Reliable.Generator", "Microsoft.CodeAnalysis.CSharp")]
    [InlineData("Reliable.Generator.CodeFixes", "Microsoft.CodeAnalysis.Workspaces")]
    public void Generator_WhenPacked_NeedsTheOldestCompilerOnly(string assembly, string roslyn)
    {
        using var reader = new PEReader([.. packages.ReadBytes("Reliable.Generator", $"analyzers/dotnet/cs/{assembly}.dll")]);
        MetadataReader metadata = reader.GetMetadataReader();
        Dictionary<string, Version> references = metadata.AssemblyReferences
            .Select(metadata.GetAssemblyReference)
            .ToDictionary(reference => metadata.GetString(reference.Name), static reference => reference.Version);

        // What is compiled against this version of the compiler runs in it and in every later one. Only the code fixes may need an editor.
        Assert.Equal(new Version(4, 14, 0, 0), references[roslyn]);
        Assert.Equal(assembly.EndsWith("CodeFixes", StringComparison.Ordinal), references.Keys.Any(static name => name.EndsWith("Workspaces", StringComparison.Ordinal)));
    }
}
