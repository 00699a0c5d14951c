using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>What a consumer compiles against: this process's own assemblies, so that what was compiled can be run here.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. Paths().Select(static path => MetadataReference.CreateFromFile(path))];

    public static IReadOnlyList<MetadataReference> WithoutRuntime { get; } =
        [.. Paths().Where(static path => Path.GetFileName(path) != "Reliable.Runtime.dll").Select(static path => MetadataReference.CreateFromFile(path))];

    private static IEnumerable<string> Paths()
    {
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return platform.Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("Reliable.Generator", StringComparison.Ordinal));
    }
}
