using Reliable.Generator.Collections;

namespace Reliable.Generator.Tests.Collections;

public sealed class EquatableArrayTests
{
    [Fact]
    public void Equals_WhenElementsAreEqual_IsTrueWithEqualHashes()
    {
        EquatableArray<string> one = new[] { "a", "b" }.ToEquatableArray();
        EquatableArray<string> other = new List<string> { "a", new('b', 1) }.ToEquatableArray();

        Assert.True(one.Equals((object)other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b", "a")]
    [InlineData("a", "b", "c")]
    public void Equals_WhenElementsDiffer_IsFalse(params string[] elements)
        => Assert.False(new[] { "a", "b" }.ToEquatableArray().Equals(elements.ToEquatableArray()));

    [Fact]
    public void Default_WhenUsed_IsEmpty()
    {
        EquatableArray<string> array = default;

        Assert.Empty(array);
        Assert.Equal(EquatableArray<string>.Empty, array);
        Assert.Equal(EquatableArray<string>.Empty.GetHashCode(), array.GetHashCode());
    }
}
