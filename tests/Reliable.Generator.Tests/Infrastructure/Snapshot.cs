using System.Text.RegularExpressions;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>
/// Compares a whole generated file with the one that was reviewed. A difference writes a <c>.received.cs</c> beside it: rename that to accept.
/// </summary>
internal static partial class Snapshot
{
    public static void Matches(string folder, string name, string source)
    {
        string path = Path.Combine(Repository.Tests, folder, $"{name}.verified.cs");
        string received = Path.ChangeExtension(path, null).Replace(".verified", ".received.cs", StringComparison.Ordinal);
        string actual = Version().Replace(source, "\"Reliable.Generator\", \"x.y.z\"");
        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        Assert.Equal(expected, actual);
    }

    // A new version of the package is not a new shape of the file.
    [GeneratedRegex("\"Reliable.Generator\", \"[^\"]+\"")]
    private static partial Regex Version();
}
