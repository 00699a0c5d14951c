namespace Reliable.Packaging.Infrastructure;

/// <summary>Where things are in the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Consumers { get; } = Path.Combine(Root, "tests", "Reliable.Packaging.Tests", "Consumers");

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Reliable.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException($"'Reliable.sln' is not in a directory above '{AppContext.BaseDirectory}'.");
    }
}
