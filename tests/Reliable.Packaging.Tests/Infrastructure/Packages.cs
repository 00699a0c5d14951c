using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(Reliable.Packaging.Infrastructure.Packages))]

namespace Reliable.Packaging.Infrastructure;

/// <summary>
/// The packages, packed once from the sources into a folder of their own, under a version nobody else has: what is tested is never an older one. Intermediate
/// files stay outside the repository, so that a build that runs there is not disturbed.
/// </summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("reliable-packages-").FullName;

    /// <summary>The ids of the packages.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["Reliable.Abstractions", "Reliable.Generator", "Reliable.Runtime", "Reliable.Sqlite"];

    public string Version { get; } = $"9.9.9-test.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}";

    public string Source => Path.Combine(_directory, "source");

    public async ValueTask InitializeAsync()
    {
        string solution = Path.Combine(_directory, "packages.slnf");
        var filter = new
        {
            solution = new
            {
                path = Path.Combine(Repository.Root, "Reliable.sln"),
                projects = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                    .Select(static file => Path.GetRelativePath(Repository.Root, file).Replace('/', '\\')),
            },
        };
        await File.WriteAllTextAsync(solution, JsonSerializer.Serialize(filter));
        await Commands.PackAsync(
            Repository.Root, solution, "-c", "Release", "-o", Source, "--artifacts-path", Path.Combine(_directory, "artifacts"), $"-p:Version={Version}", "-p:RunAnalyzers=false");
    }

    /// <summary>A directory outside the repository, whose packages come from the packed ones and from the machine's own sources.</summary>
    public Consumer CreateConsumer(string name)
    {
        string directory = Path.Combine(_directory, name);
        Directory.CreateDirectory(directory);
        return new Consumer(directory, this);
    }

    /// <summary>The files in a package, without those of the format itself.</summary>
    public IReadOnlyList<string> Files(string id, string extension = "nupkg")
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Source, $"{id}.{Version}.{extension}"));
        return [.. archive.Entries.Select(static e => e.FullName)
            .Where(static f => !f.StartsWith("_rels/", StringComparison.Ordinal) && !f.StartsWith("package/", StringComparison.Ordinal) && f != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)];
    }

    public string ReadText(string id, string file)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Source, $"{id}.{Version}.nupkg"));
        using var reader = new StreamReader(archive.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }

    public byte[] ReadBytes(string id, string file)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Source, $"{id}.{Version}.nupkg"));
        using Stream entry = archive.GetEntry(file)!.Open();
        var copy = new MemoryStream();
        entry.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The metadata of a package, by the local names of its elements.</summary>
    public XElement Metadata(string id)
    {
        XElement package = XElement.Parse(ReadText(id, id + ".nuspec").TrimStart('\uFEFF'));
        foreach (XElement element in package.DescendantsAndSelf())
            element.Name = element.Name.LocalName;
        return package.Element("metadata")!;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
