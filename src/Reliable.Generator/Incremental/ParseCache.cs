using Microsoft.CodeAnalysis;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Incremental;

/// <summary>
/// What was read from each annotated method, for as long as nothing changed that it may depend on. The compiler asks about every annotated method after every keystroke,
/// because what one means may depend on any file; but never on the inside of a body, nor on a type that is not mentioned on the way.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>A result is kept with the type that it was read from, and read again when that or anything it mentions is declared otherwise: see <see cref="DependentTypes"/>.</item>
/// <item>It is used only for compilations with the same references and options.</item>
/// <item>One with a diagnostic is for its own version of its file, and one with a diagnostic in another file is not kept: its place may have moved.</item>
/// </list>
/// </remarks>
internal static class ParseCache
{
    /// <summary>What was read from a method before, or what is read from it now.</summary>
    public static ParseResult? Get(GeneratorAttributeSyntaxContext target, string attribute, CancellationToken cancellation)
    {
        // What stands outside of all types is a mistake, and not worth keeping.
        if (Find(target.SemanticModel.Compilation, target.TargetNode) is not { } kept)
        {
            return AnnotatedMethodParser.Parse(target, attribute, cancellation);
        }

        if (kept.TryGet(target.TargetNode, attribute, out ParseResult? known))
        {
            return known;
        }

        ParseResult? result = AnnotatedMethodParser.Parse(target, attribute, cancellation);
        if (result is null || result.Diagnostics.All(each => each.Location is null || each.Location.SourceTree == target.TargetNode.SyntaxTree))
        {
            kept.Keep(target.TargetNode, attribute, result);
        }

        return result;
    }

    /// <summary>What is kept of the type that a node stands in.</summary>
    internal static KeptResults? Find(Compilation compilation, SyntaxNode node)
        => DeclaredFile.Of(node.SyntaxTree).TypeAround(node) is { } type ? Declarations.Of(compilation).ResultsOf(type) : null;
}
