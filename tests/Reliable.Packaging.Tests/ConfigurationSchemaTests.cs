using System.Text.Json;
using Reliable.Packaging.Infrastructure;

namespace Reliable.Packaging;

/// <summary>What an editor asks a project for when it completes appsettings.json.</summary>
public sealed class ConfigurationSchemaTests(Packages packages)
{
    [Fact]
    public async Task Project_WhenItUsesThePackage_NamesTheSchemaOfTheSection()
    {
        Consumer consumer = packages.CreateConsumer("schema");
        consumer.Write("Schema/Schema.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Reliable.Sqlite" Version="$(ReliableVersion)" />
              </ItemGroup>
            </Project>
            """);

        string text = await Commands.DotnetAsync(Path.Combine(consumer.Root, "Schema"), ["build", "-restore", "-getItem:JsonSchemaSegment", "-t:PrepareForBuild"]);

        // Other packages have schemas of their own.
        JsonElement segment = Assert.Single(
            JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]).RootElement
            .GetProperty("Items").GetProperty("JsonSchemaSegment").EnumerateArray(),
            static each => each.GetProperty("FullPath").GetString()!.Contains("reliable.runtime", StringComparison.OrdinalIgnoreCase));
        Assert.Matches(segment.GetProperty("FilePathPattern").GetString()!, "appsettings.Development.json");
        using JsonDocument schema = JsonDocument.Parse(await File.ReadAllTextAsync(segment.GetProperty("FullPath").GetString()!, TestContext.Current.CancellationToken));
        Assert.True(schema.RootElement.GetProperty("properties").GetProperty("Reliable").GetProperty("properties").TryGetProperty("Retry", out _));
    }
}
