using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Incremental;

/// <summary>
/// What was read from each annotated method, for as long as its own file is the same and no declaration of another has changed. The compiler asks about every
/// annotated method after every keystroke, because what one means may depend on any file; but never on the inside of a body.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>A result is kept with the file that it was read from, and goes when that file is typed in.</item>
/// <item>It is used only for a compilation with the same <see cref="Declarations"/>, references and options.</item>
/// <item>One with a diagnostic in another file is not kept: the place in that file may have moved.</item>
/// </list>
/// </remarks>
internal static class ParseCache
{
    private static readonly ConditionalWeakTable<SyntaxTree, File> s_files = new();

    /// <summary>What was read from a method before, or what is read from it now.</summary>
    public static ParseResult? Get(GeneratorAttributeSyntaxContext target, string attribute, CancellationToken cancellation)
    {
        File file = s_files.GetOrCreateValue(target.TargetNode.SyntaxTree);
        Declarations declarations = Declarations.Of(target.SemanticModel.Compilation);
        if (file.TryGet(declarations, target.TargetNode, attribute, out ParseResult? known))
        {
            return known;
        }

        ParseResult? result = AnnotatedMethodParser.Parse(target, attribute, cancellation);
        if (result is null || result.Diagnostics.All(each => each.Location is null || each.Location.SourceTree == target.TargetNode.SyntaxTree))
        {
            file.Keep(declarations, target.TargetNode, attribute, result);
        }

        return result;
    }

    /// <summary>The results of one file.</summary>
    private sealed class File
    {
        private readonly Dictionary<(SyntaxNode Node, string Attribute), ParseResult?> _results = [];
        private Declarations? _declarations;

        public bool TryGet(Declarations declarations, SyntaxNode node, string attribute, out ParseResult? result)
        {
            lock (_results)
            {
                result = null;
                return _declarations == declarations && _results.TryGetValue((node, attribute), out result);
            }
        }

        public void Keep(Declarations declarations, SyntaxNode node, string attribute, ParseResult? result)
        {
            lock (_results)
            {
                if (_declarations != declarations)
                {
                    _results.Clear();
                    _declarations = declarations;
                }

                _results[(node, attribute)] = result;
            }
        }
    }
}
