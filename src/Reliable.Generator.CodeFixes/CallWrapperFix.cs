using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliable.Generator.Analyzers;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.CodeFixes;

/// <summary>Replaces a call of the Core method by one of the annotated method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CallWrapperFix))]
[Shared]
public sealed class CallWrapperFix : CodeFixProvider
{
    private const string CoreCalledDirectly = "REL029";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [CoreCalledDirectly];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan) is not SimpleNameSyntax name || model is null)
            {
                continue;
            }

            InvocationExpressionSyntax? call = name.Ancestors().OfType<InvocationExpressionSyntax>()
                .FirstOrDefault(each => Attempts.NameLocation(each).SourceSpan == diagnostic.Location.SourceSpan);
            if (model.GetSymbolInfo(name, context.CancellationToken).Symbol is not IMethodSymbol core
                || Attempts.WrapperOfCore(core, model.GetEnclosingSymbol(name.SpanStart, context.CancellationToken)?.ContainingType, model.Compilation) is not { } wrapper
                || Replacement(name, call, core, wrapper, model, context.CancellationToken) is not { } replacement)
            {
                continue;
            }

            Solution solution = context.Document.Project.Solution;
            FixContext.Offer(
                context,
                diagnostic,
                $"Call '{wrapper.Name}'",
                "Reliable.CallWrapper",
                _ => Task.FromResult(solution.WithDocumentSyntaxRoot(context.Document.Id, root.ReplaceNode((SyntaxNode?)call ?? name, replacement))));
        }
    }

    /// <summary>The call with the wrapper's name and arguments, or <see langword="null"/> where an argument would be missing.</summary>
    private static SyntaxNode? Replacement(
        SimpleNameSyntax name, InvocationExpressionSyntax? call, IMethodSymbol core, IMethodSymbol wrapper, SemanticModel model, CancellationToken cancellation)
    {
        SimpleNameSyntax renamed = name.WithIdentifier(SyntaxFactory.Identifier(Identifiers.Write(wrapper.Name)).WithTriviaFrom(name.Identifier));
        CallShape own = CallShape.Of(core);
        CallShape wanted = CallShape.Of(wrapper);
        if (call is null)
        {
            // A reference passes on whatever the signature says: the two must be alike.
            bool isAlike = core.Parameters.Select(static each => each.Type).SequenceEqual<ITypeSymbol>(wrapper.Parameters.Select(static each => each.Type), SymbolEqualityComparer.Default);
            return isAlike ? renamed : null;
        }

        if (model.GetOperation(call, cancellation) is not IInvocationOperation operation)
        {
            return null;
        }

        List<ArgumentSyntax> arguments = [];
        List<IParameterSymbol> ordinary = [.. own.Ordinary];
        List<IParameterSymbol> ordinaryWanted = [.. wanted.Ordinary];
        HashSet<string> given = [];
        foreach (ArgumentSyntax argument in call.ArgumentList.Arguments)
        {
            IParameterSymbol? parameter = operation.Arguments.FirstOrDefault(each => each.Syntax == argument)?.Parameter?.OriginalDefinition;
            ParameterKind kind = parameter is null ? ParameterKind.Ordinary : CallShape.KindOf(parameter.Type);
            if (kind == ParameterKind.Attempt)
            {
                continue;
            }

            int index = parameter is null ? -1 : ordinary.FindIndex(each => each.Name == parameter.Name);
            IParameterSymbol? target = kind == ParameterKind.Ordinary ? (index >= 0 ? ordinaryWanted.ElementAtOrDefault(index) : null) : wanted.Find(kind);
            if (target is null)
            {
                return null;
            }

            // By name where the order of the two may differ.
            bool isInPlace = target.Ordinal == arguments.Count && argument.NameColon is null && given.Count == arguments.Count;
            given.Add(target.Name);
            arguments.Add(isInPlace ? argument : argument.WithNameColon(SyntaxFactory.NameColon(Identifiers.Write(target.Name)).WithTrailingTrivia(SyntaxFactory.Space)));
        }

        if (wrapper.Parameters.Any(each => !each.IsOptional && !each.IsParams && !given.Contains(each.Name)))
        {
            return null;
        }

        SeparatedSyntaxList<ArgumentSyntax> list = SyntaxFactory.SeparatedList(
            arguments,
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), Math.Max(0, arguments.Count - 1)));
        return call
            .ReplaceNode(name, renamed)
            .WithArgumentList(call.ArgumentList.WithArguments(list));
    }
}
