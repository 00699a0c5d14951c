using System.Reflection;
using Reliable.Infrastructure;

namespace Reliable.PublicApi;

/// <summary>A change of what users see is made on purpose, and reviewed as a change of a text file.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Abstractions_WhenCompiled_ShowsWhatWasReviewed() => Matches(typeof(RetryAttribute).Assembly);

    [Fact]
    public void Runtime_WhenCompiled_ShowsWhatWasReviewed() => Matches(typeof(ReliableRuntime).Assembly);

    private static void Matches(Assembly assembly)
    {
        string verified = Repository.PathOf("tests", "Reliable.Runtime.Tests", "PublicApi", assembly.GetName().Name + ".verified.txt");
        string received = verified.Replace(".verified.", ".received.", StringComparison.Ordinal);
        string actual = PublicSurface.Of(assembly);
        string expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        string[] before = expected.Split('\n');
        string[] after = actual.Split('\n');
        Assert.Fail(
            $"The public surface of {assembly.GetName().Name} has changed. If that is meant, rename '{Path.GetFileName(received)}' in tests/Reliable.Runtime.Tests/PublicApi "
            + $"to '{Path.GetFileName(verified)}' and commit it.\n{string.Join("\n", before.Except(after).Select(static line => "- " + line))}\n"
            + string.Join("\n", after.Except(before).Select(static line => "+ " + line)));
    }
}
