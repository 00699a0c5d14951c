using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.CodeFixes;

/// <summary>What every fix looks up first: the method that a diagnostic is about, and its symbol.</summary>
internal sealed class FixContext
{
    private FixContext(Document document, SyntaxNode root, SemanticModel model, MethodDeclarationSyntax method, IMethodSymbol symbol)
    {
        Document = document;
        Root = root;
        Model = model;
        Method = method;
        Symbol = symbol;
    }

    public Document Document { get; }

    public SyntaxNode Root { get; }

    public SemanticModel Model { get; }

    public MethodDeclarationSyntax Method { get; }

    public IMethodSymbol Symbol { get; }

    /// <summary>The method around the place of a diagnostic, or <see langword="null"/>.</summary>
    public static async Task<FixContext?> OfAsync(CodeFixContext context, Diagnostic diagnostic)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        MethodDeclarationSyntax? method = root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>();
        return method is not null && model?.GetDeclaredSymbol(method, context.CancellationToken) is { } symbol
            ? new FixContext(context.Document, root!, model, method, symbol)
            : null;
    }

    /// <summary>Offers a change; the title is also what tells the same change in several places from others.</summary>
    public static void Offer(CodeFixContext context, Diagnostic diagnostic, string title, string key, Func<CancellationToken, Task<Solution>> change)
        => context.RegisterCodeFix(CodeAction.Create(title, change, key), diagnostic);

    /// <summary>The line end that a document uses.</summary>
    public static SyntaxTrivia LineEnd(SyntaxNode root)
    {
        SyntaxTrivia found = root.DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return found.IsKind(SyntaxKind.EndOfLineTrivia) ? SyntaxFactory.EndOfLine(found.ToString()) : SyntaxFactory.EndOfLine("\n");
    }
}
