using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.CodeFixes;

/// <summary>Adds the Core method, or the fallback that <c>[Retry]</c> names.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddAttemptMethodFix))]
[Shared]
public sealed class AddAttemptMethodFix : CodeFixProvider
{
    private const string CoreMissing = "REL004";
    private const string FallbackMissing = "REL008";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [CoreMissing, FallbackMissing];

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

            string? name = diagnostic.Id == CoreMissing
                ? Identifiers.Core(fix.Symbol.Name)
                : AttributeReader.Of(fix.Symbol, KnownNames.Retry, context.CancellationToken)?.Text("Fallback");
            if (name is not null && SyntaxFacts.IsValidIdentifier(name))
            {
                FixContext.Offer(context, diagnostic, $"Add '{name}'", "Reliable.AddAttempt", _ => Task.FromResult(Add(fix, name)));
            }
        }
    }

    /// <summary>Below the method, or below its Core method where that stands right after it.</summary>
    private static Solution Add(FixContext fix, string name)
    {
        var type = (TypeDeclarationSyntax)fix.Method.Parent!;
        int index = type.Members.IndexOf(fix.Method);
        if (index + 1 < type.Members.Count
            && type.Members[index + 1] is MethodDeclarationSyntax next
            && next.Identifier.ValueText == Identifiers.Core(fix.Symbol.Name))
        {
            index++;
        }

        MemberDeclarationSyntax added = AttemptSyntax.Create(fix.Symbol, name, FixContext.LineEnd(fix.Root));
        return fix.Document.Project.Solution.WithDocumentSyntaxRoot(fix.Document.Id, fix.Root.InsertNodesAfter(type.Members[index], [added]));
    }
}
