using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Parsing;

public sealed class HintNamesTests
{
    private const string Members = "[Retry] public static partial Task<string> AskAsync(ReliableRuntime r, CancellationToken ct); private static Task<string> AskCoreAsync() => null!;";

    [Theory]
    [InlineData("partial class C { * }", "C.AskAsync.g.cs")]
    [InlineData("namespace A.B { partial class C { * } }", "A.B.C.AskAsync.g.cs")]
    [InlineData("namespace A { partial class C<T> { partial struct D<U, V> { * } } }", "A.C-1.D-2.AskAsync.g.cs")]
    [InlineData("namespace A.@class { partial class größe { * } }", "A.class.größe.AskAsync.g.cs")]
    [InlineData("namespace A { interface IThing { [Retry] Task<int> AskAsync(CancellationToken ct); } }", "A.IThing.g.cs")]
    [InlineData("namespace A { interface IThing<in T> { [Retry] Task<int> AskAsync(CancellationToken ct); } }", "A.IThing-1.g.cs")]
    public void Of_WhenNothingElseHasTheName_IsReadable(string source, string expected)
        => Assert.Equal([expected], GeneratorHarness.Run(source.Replace("*", Members, StringComparison.Ordinal)).AssertClean().HintNames);

    [Theory]
    [InlineData("partial class Cd { * } partial class CD { * }")]
    [InlineData("namespace A { partial class C { * } } namespace a { partial class C { * } }")]
    [InlineData("partial class C { * } partial class C<T> { * } partial class C<T, U> { * }")]
    [InlineData("partial class C { * public static partial class D { * } } partial class CD { * }")]
    [InlineData("partial class Té { * } partial class Te\u0301 { * }")]
    [InlineData("partial class C { * [Retry] public static partial Task<string> AskAsync(ReliableRuntime r, int i, CancellationToken ct); private static Task<string> AskCoreAsync(int i) => null!; }")]
    [InlineData("partial class C { * [Retry] public static partial Task<string> askAsync(ReliableRuntime r, CancellationToken ct); private static Task<string> askCoreAsync() => null!; }")]
    [InlineData("interface IThing { [Retry] Task<int> AskAsync(CancellationToken ct); } interface ITHING { [Retry] Task<int> AskAsync(CancellationToken ct); }")]
    public void Of_WhenNamesAreAlike_IsUnique(string source)
    {
        IReadOnlyList<string> names = GeneratorHarness.Run(source.Replace("*", Members, StringComparison.Ordinal)).AssertClean().HintNames;

        Assert.True(names.Count > 1);
        Assert.Distinct(names, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Of_WhenAnOverloadIsAdded_KeepsTheNameOfOthers()
    {
        string two = "partial class C { " + Members + " public void AskAsync(int a) { } }";

        Assert.Equal(GeneratorHarness.Run(two).HintNames, GeneratorHarness.Run(two.Replace("int a", "long b, int c", StringComparison.Ordinal)).HintNames);
    }
}
