using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Analysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads what an attribute was found on, once, for the first of its attributes.</summary>
internal static class AnnotatedMethodParser
{
    public static ParseResult? Parse(GeneratorAttributeSyntaxContext target, string attribute, CancellationToken cancellation)
    {
        if (target.TargetSymbol is not IMethodSymbol method || AnnotatedMethods.OwningAttribute(method) != attribute)
        {
            return null;
        }

        DiagnosticSink sink = new();
        Compilation compilation = target.SemanticModel.Compilation;
        if (target.TargetNode is not MethodDeclarationSyntax syntax || !PlacementRules.Check(method, sink))
        {
            if (!sink.HasErrors)
            {
                PlacementRules.ReportNotAMethod(method, target.TargetNode, sink);
            }

            return ParseResult.Of((WrapperModel?)null, sink);
        }

        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            return AnnotatedMethods.IsFirst(method)
                ? ParseResult.Of(DecoratorParser.Parse(method.ContainingType, compilation, sink, cancellation), sink)
                : null;
        }

        return IsRepeated(method) ? null : ParseResult.Of(WrapperParser.Parse(method, syntax, compilation, sink, cancellation), sink);
    }

    /// <summary>Whether the same method is declared earlier: a mistake the compiler reports, and two files of one name must not follow from it.</summary>
    private static bool IsRepeated(IMethodSymbol method)
    {
        ImmutableArray<ISymbol> same = method.ContainingType.GetMembers(method.Name);
        if (same.Length == 1)
        {
            return false;
        }

        string? id = method.GetDocumentationCommentId();
        IMethodSymbol? first = same.OfType<IMethodSymbol>()
            .FirstOrDefault(other => AnnotatedMethods.IsAnnotated(other) && other.GetDocumentationCommentId() == id);
        return first is not null && !SymbolEqualityComparer.Default.Equals(first, method.PartialDefinitionPart ?? method);
    }
}
