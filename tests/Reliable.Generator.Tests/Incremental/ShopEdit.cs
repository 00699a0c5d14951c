namespace Reliable.Generator.Tests.Incremental;

/// <summary>One edit of <see cref="ShopProject"/>.</summary>
/// <param name="File">The file; a new one where it is none of the project's.</param>
/// <param name="Before">What is replaced; nothing where text is added at the end.</param>
/// <param name="After">What replaces it.</param>
/// <param name="Matters">Whether what the generator says of the whole project changes by this edit alone.</param>
public sealed record ShopEdit(string File, string Before, string After, bool Matters = true)
{
    /// <summary>The file after the edit, or <see langword="null"/> where it cannot be made: other edits came before it.</summary>
    public string? Apply(string? text)
        => Before.Length == 0 ? text + After
            : text?.Contains(Before, StringComparison.Ordinal) == true ? text.Replace(Before, After, StringComparison.Ordinal)
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{File}: '{Before}' -> '{After}'";
}
