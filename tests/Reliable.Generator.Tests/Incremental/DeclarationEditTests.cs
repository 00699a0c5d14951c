using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Incremental;

/// <summary>Whatever is declared otherwise, in whichever file, a generator that keeps what it read says what one says that starts anew.</summary>
public sealed class DeclarationEditTests
{
    private const int Sequences = 1;
    private const int EditsPerSequence = 25;

    private static int Longer => Environment.GetEnvironmentVariable("RELIABLE_TEST_SOAK") is { Length: > 0 } ? 50 : 1;

    [Fact]
    public void Edit_WhenADeclarationChanges_SaysWhatAFreshRunSays()
    {
        EditedProject project = new(ShopProject.Files);
        string first = EditedProject.Said(project.Result);
        List<string> wrong = [];
        foreach (ShopEdit edit in ShopEdits.All)
        {
            string? original = ShopProject.Files.GetValueOrDefault(edit.File);
            string edited = edit.Apply(original) ?? throw new InvalidOperationException($"{edit} cannot be made.");

            project.Edit(edit.File, edited);

            project.AssertAsFresh(edit.ToString());
            if (edit.Matters != (EditedProject.Said(project.Result) != first))
            {
                wrong.Add($"{edit} {(edit.Matters ? "changes nothing" : "changes something")}.");
            }

            // Taken back together with the next edit.
            project.Type(edit.File, original);
        }

        project.Edit(ShopProject.Other, ShopProject.Files[ShopProject.Other]);
        Assert.Equal(first, EditedProject.Said(project.Result));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Edits upon edits, some of them taken back, in an order that the seed decides.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Edits_WhenOneFollowsAnother_SayWhatAFreshRunSays(int seed)
    {
        Random random = new(seed);
        EditedProject project = new(ShopProject.Files);
        Dictionary<string, string> texts = new(ShopProject.Files, StringComparer.Ordinal);
        for (int count = 0; count < EditsPerSequence; count++)
        {
            ShopEdit edit = ShopEdits.All[random.Next(ShopEdits.All.Count)];
            string? before = texts.GetValueOrDefault(edit.File);
            string? after = random.Next(4) == 0 ? ShopProject.Files.GetValueOrDefault(edit.File) : edit.Apply(before);
            if (after == before)
            {
                continue;
            }

            if (after is null)
            {
                texts.Remove(edit.File);
            }
            else
            {
                texts[edit.File] = after;
            }

            project.Edit(edit.File, after);
            project.AssertAsFresh($"Seed {seed}, edit {count}: {edit}");
        }
    }

    /// <summary>How the project is compiled matters to all of it.</summary>
    [Fact]
    public void Change_OfTheProject_SaysWhatAFreshRunSays()
    {
        EditedProject project = new(ShopProject.Files);
        MetadataReference annotations = References.All.Single(static each => each.Display!.EndsWith("System.ComponentModel.Annotations.dll", StringComparison.Ordinal));
        MetadataReference nearer = new ConsumerOptions().Compile("namespace Shop { public class List<T>; }").WithAssemblyName("Nearer").ToMetadataReference();
        (string Name, Func<CSharpCompilation, CSharpCompilation> Change)[] changes =
        [
            ("nullable off", static each => each.WithOptions(each.Options.WithNullableContextOptions(NullableContextOptions.Disable))),
            ("nullable on", static each => each.WithOptions(each.Options.WithNullableContextOptions(NullableContextOptions.Enable))),
            ("a reference less", each => each.RemoveReferences(annotations)),
            ("the reference again", each => each.AddReferences(annotations)),
            ("a reference more", each => each.AddReferences(nearer)),
            ("another name", static each => each.WithAssemblyName("Renamed")),
        ];
        foreach ((string name, Func<CSharpCompilation, CSharpCompilation> change) in changes)
        {
            project.Change(change);
            project.AssertAsFresh(name);
        }
    }

    [Theory]
    [InlineData(ShopProject.Other, "public int Count", "public long Count", "AskAsync,CountAsync,DescribeAsync,NameAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Other, "int value = 1;", "int value = 2;", "AskAsync,CountAsync,DescribeAsync,NameAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Other, "[Retry] public partial", "[Retry(Jitter = true)] public partial", "AskAsync,DescribeAsync,NameAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Other, "[Retry] public partial", "/// <summary>Counts.</summary>\n[Retry] public partial", "AskAsync,DescribeAsync,NameAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Other, "Task<int> CountCoreAsync()", "Task<int> CountCoreAsync(AttemptContext attempt)", "AskAsync,DescribeAsync,NameAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Things, "INamed { [Retry]", "INamed { [Retry(Jitter = true)]", "AskAsync,CountAsync,NotPartialAsync,OrderAsync,TellAsync")]
    [InlineData(ShopProject.Answers, "public record Address", "public sealed record Address", "CountAsync,DescribeAsync,NameAsync,NotPartialAsync")]
    [InlineData(ShopProject.Limits, "Few = 1", "Few = 2", "CountAsync,DescribeAsync,NameAsync,NotPartialAsync")]
    [InlineData("New.cs", "", "namespace Shop.Things; public class Quite<T>;", "AskAsync,CountAsync,DescribeAsync,NameAsync,NotPartialAsync,OrderAsync,TellAsync")]
    [InlineData("New.cs", "", "namespace Shop.Things; public class Kind<T>;", "AskAsync,CountAsync,NameAsync,NotPartialAsync,OrderAsync,TellAsync")]
    public void Edit_WhenADeclarationChanges_ReadsAgainOnlyWhatMayDependOnIt(string file, string before, string after, string kept)
    {
        EditedProject project = new(ShopProject.Files);

        project.Type(file, new ShopEdit(file, before, after).Apply(ShopProject.Files.GetValueOrDefault(file)));

        Assert.Equal(kept, string.Join(",", project.Kept().Order(StringComparer.Ordinal)));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Sequences * Longer)];
}
