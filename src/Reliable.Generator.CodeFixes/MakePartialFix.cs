using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.CodeFixes;

/// <summary>Makes a method and the types around it partial, and moves a body that was written into the Core method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix))]
[Shared]
public sealed class MakePartialFix : CodeFixProvider
{
    private const string NotPartial = "REL001";
    private const string TypeNotPartial = "REL002";
    private const string BodyWritten = "REL023";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [NotPartial, TypeNotPartial, BodyWritten];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Id == TypeNotPartial)
            {
                await OfferTypeAsync(context, diagnostic).ConfigureAwait(false);
            }
            else if (await FixContext.OfAsync(context, diagnostic).ConfigureAwait(false) is { } fix)
            {
                OfferMethod(context, diagnostic, fix);
            }
        }
    }

    private static async Task OfferTypeAsync(CodeFixContext context, Diagnostic diagnostic)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type)
        {
            Solution solution = context.Document.Project.Solution;
            FixContext.Offer(
                context,
                diagnostic,
                $"Make '{type.Identifier.ValueText}' partial",
                "Reliable.MakeTypePartial",
                _ => Task.FromResult(solution.WithDocumentSyntaxRoot(context.Document.Id, root.ReplaceNode(type, WithPartial(type)))));
        }
    }

    private static void OfferMethod(CodeFixContext context, Diagnostic diagnostic, FixContext fix)
    {
        MethodDeclarationSyntax method = fix.Method;
        bool hasBody = method.Body is not null || method.ExpressionBody is not null;
        string core = Identifiers.Core(method.Identifier.ValueText);
        if (diagnostic.Id == BodyWritten)
        {
            OfferImplementation(context, diagnostic, fix, core);
            return;
        }

        // A body is never thrown away: with a Core method beside it, which of the two is meant is the author's to say.
        if (hasBody && !fix.Symbol.ContainingType.GetMembers(core).IsEmpty)
        {
            return;
        }

        string title = hasBody ? $"Make it partial and move its body to '{core}'" : "Make it partial";
        FixContext.Offer(context, diagnostic, title, "Reliable.MakePartial", _ => Task.FromResult(MakePartial(fix, hasBody)));
    }

    private static Solution MakePartial(FixContext fix, bool hasBody)
    {
        MethodDeclarationSyntax method = fix.Method;
        List<TypeDeclarationSyntax> types = [.. method.Ancestors().OfType<TypeDeclarationSyntax>().Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))];
        SyntaxNode root = fix.Root.TrackNodes(types.Append<SyntaxNode>(method));
        MethodDeclarationSyntax declaration = AttemptSyntax.Declare(method);
        root = hasBody
            ? root.ReplaceNode(root.GetCurrentNode(method)!, [declaration, AttemptSyntax.TakeOver(method, FixContext.LineEnd(fix.Root))])
            : root.ReplaceNode(root.GetCurrentNode(method)!, declaration);
        foreach (TypeDeclarationSyntax type in types)
        {
            TypeDeclarationSyntax current = root.GetCurrentNode(type)!;
            root = root.ReplaceNode(current, WithPartial(current));
        }

        return fix.Document.Project.Solution.WithDocumentSyntaxRoot(fix.Document.Id, root);
    }

    /// <summary>The other half of a partial method, written by hand, becomes the Core method.</summary>
    private static void OfferImplementation(CodeFixContext context, Diagnostic diagnostic, FixContext fix, string core)
    {
        IMethodSymbol? implementation = fix.Symbol.PartialImplementationPart ?? (fix.Symbol.PartialDefinitionPart is null ? null : fix.Symbol);
        if (implementation?.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference || !fix.Symbol.ContainingType.GetMembers(core).IsEmpty)
        {
            return;
        }

        FixContext.Offer(context, diagnostic, $"Move the body to '{core}'", "Reliable.MoveBody", async cancellation =>
        {
            Solution solution = fix.Document.Project.Solution;
            var written = (MethodDeclarationSyntax)await reference.GetSyntaxAsync(cancellation).ConfigureAwait(false);
            Document document = solution.GetDocument(written.SyntaxTree)!;
            SyntaxNode root = await written.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
            MethodDeclarationSyntax moved = AttemptSyntax.TakeOver(written, FixContext.LineEnd(root)).WithLeadingTrivia(written.GetLeadingTrivia());
            return solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceNode(written, moved));
        });
    }

    private static TypeDeclarationSyntax WithPartial(TypeDeclarationSyntax type)
    {
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count > 0)
        {
            return type.AddModifiers(partial);
        }

        // What stands before the keyword now stands before the modifier.
        return (TypeDeclarationSyntax)type
            .WithKeyword(type.Keyword.WithLeadingTrivia())
            .WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia)));
    }
}
