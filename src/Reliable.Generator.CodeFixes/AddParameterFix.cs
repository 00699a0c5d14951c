using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.CodeFixes;

/// <summary>Adds the user's id or the cancellation token: to the method, to its Core method and fallback, or to the implementations of an interface's method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddParameterFix))]
[Shared]
public sealed class AddParameterFix : CodeFixProvider
{
    private const string UserIdMissing = "REL006";
    private const string TokenMissing = "REL021";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [UserIdMissing, TokenMissing];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await FixContext.OfAsync(context, diagnostic).ConfigureAwait(false) is not { } fix)
            {
                continue;
            }

            if (diagnostic.Id == TokenMissing)
            {
                FixContext.Offer(context, diagnostic, "Add a CancellationToken", "Reliable.AddToken", cancellation => AddAsync(fix, AddToken, cancellation));
                continue;
            }

            foreach (ParameterSyntax parameter in fix.Method.ParameterList.Parameters.Where(static each => IsProbablyAUser(each.Identifier.ValueText)))
            {
                string name = parameter.Identifier.ValueText;
                FixContext.Offer(
                    context, diagnostic, $"'{name}' is the user's id: mark it with [UserId]", "Reliable.MarkUserId." + name, _ => Task.FromResult(Mark(fix, parameter)));
            }

            FixContext.Offer(context, diagnostic, "Add a parameter 'userId'", "Reliable.AddUserId", cancellation => AddAsync(fix, AddUserId, cancellation));
        }
    }

    private static bool IsProbablyAUser(string name)
        => name.IndexOf("user", StringComparison.OrdinalIgnoreCase) >= 0
            || name.IndexOf("account", StringComparison.OrdinalIgnoreCase) >= 0
            || name.IndexOf("customer", StringComparison.OrdinalIgnoreCase) >= 0;

    private static Solution Mark(FixContext fix, ParameterSyntax parameter)
    {
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::Reliable.UserId")).WithAdditionalAnnotations(Simplifier.Annotation);
        AttributeListSyntax list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute)).WithTrailingTrivia(SyntaxFactory.Space);
        ParameterSyntax marked = parameter.WithoutLeadingTrivia().AddAttributeLists(list).WithLeadingTrivia(parameter.GetLeadingTrivia());
        return fix.Document.Project.Solution.WithDocumentSyntaxRoot(fix.Document.Id, fix.Root.ReplaceNode(parameter, marked));
    }

    private static async Task<Solution> AddAsync(
        FixContext fix, Func<MethodDeclarationSyntax, bool, MethodDeclarationSyntax> add, CancellationToken cancellation)
    {
        Solution solution = fix.Document.Project.Solution;
        List<MethodDeclarationSyntax> related = await RelatedAsync(fix, cancellation).ConfigureAwait(false);
        foreach (IGrouping<SyntaxTree, MethodDeclarationSyntax> file in related.Prepend(fix.Method).Distinct().GroupBy(static method => method.SyntaxTree))
        {
            SyntaxNode root = await file.Key.GetRootAsync(cancellation).ConfigureAwait(false);
            SyntaxNode changed = root.ReplaceNodes(file, (original, current) => add(current, ReferenceEquals(original, fix.Method)));
            solution = solution.WithDocumentSyntaxRoot(solution.GetDocument(file.Key)!.Id, changed);
        }

        return solution;
    }

    /// <summary>The methods whose parameters must follow.</summary>
    private static async Task<List<MethodDeclarationSyntax>> RelatedAsync(FixContext fix, CancellationToken cancellation)
    {
        IMethodSymbol method = fix.Symbol;
        IEnumerable<ISymbol> symbols;
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            symbols = await SymbolFinder.FindImplementationsAsync(method, fix.Document.Project.Solution, cancellationToken: cancellation).ConfigureAwait(false);
        }
        else
        {
            TargetMatcher matcher = new(method, CallShape.Of(method), fix.Model.Compilation);
            string? fallback = AttributeReader.Of(method, KnownNames.Retry, cancellation)?.Text("Fallback");
            symbols = new[] { Identifiers.Core(method.Name), fallback }
                .OfType<string>()
                .Select(name => matcher.Choose([.. method.ContainingType.GetMembers(name).OfType<IMethodSymbol>()], static _ => true)?.Method.OriginalDefinition)
                .OfType<ISymbol>();
        }

        return [.. symbols.SelectMany(static symbol => symbol.DeclaringSyntaxReferences).Select(reference => reference.GetSyntax(cancellation)).OfType<MethodDeclarationSyntax>()];
    }

    private static MethodDeclarationSyntax AddUserId(MethodDeclarationSyntax method, bool isAnnotated)
    {
        bool isExtension = isAnnotated && method.ParameterList.Parameters.FirstOrDefault() is { } first && first.Modifiers.Any(SyntaxKind.ThisKeyword);
        return Insert(method, isExtension ? 1 : 0, "string userId");
    }

    private static MethodDeclarationSyntax AddToken(MethodDeclarationSyntax method, bool isAnnotated)
    {
        SeparatedSyntaxList<ParameterSyntax> parameters = method.ParameterList.Parameters;
        if (parameters.Any(static each => each.Type?.ToString().EndsWith("CancellationToken", StringComparison.Ordinal) == true))
        {
            return method;
        }

        // An override or an implementation repeats the default; the Core method has none.
        bool isLast = parameters.LastOrDefault() is not { } last || !last.Modifiers.Any(SyntaxKind.ParamsKeyword);
        bool hasDefault = isAnnotated || parameters.Any(static each => each.Default is not null);
        return Insert(
            method, isLast ? parameters.Count : parameters.Count - 1, "global::System.Threading.CancellationToken cancellationToken" + (hasDefault ? " = default" : ""));
    }

    private static MethodDeclarationSyntax Insert(MethodDeclarationSyntax method, int index, string text)
    {
        ParameterSyntax parameter = SyntaxFactory.ParseParameterList($"({text})").Parameters[0].WithAdditionalAnnotations(Simplifier.Annotation);
        return method.WithParameterList(
            method.ParameterList.WithParameters(method.ParameterList.Parameters.Insert(index, parameter)).WithAdditionalAnnotations(Formatter.Annotation));
    }
}
