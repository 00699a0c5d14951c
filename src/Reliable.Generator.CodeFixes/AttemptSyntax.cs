using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.CodeFixes;

/// <summary>Writes the methods that make the attempts: new ones, and ones that take over a body.</summary>
internal static class AttemptSyntax
{
    private const string EnumeratorCancellation = "EnumeratorCancellation";

    /// <summary>A method beside an annotated one, with the same parameters, that is still to be written.</summary>
    public static MemberDeclarationSyntax Create(IMethodSymbol wrapper, string name, SyntaxTrivia lineEnd)
    {
        CallShape shape = CallShape.Of(wrapper);
        bool isInterface = wrapper.ContainingType.TypeKind == TypeKind.Interface;
        List<string> parameters = [.. shape.Ordinary.Select(Parameter)];
        if (!isInterface)
        {
            parameters.Add($"global::{KnownNames.AttemptContext} {FreeName("attempt", shape)}");
        }

        string token = shape.Find(ParameterKind.Token)?.Escaped().TrimStart('@') ?? FreeName("cancellationToken", shape);
        parameters.Add($"global::{KnownNames.CancellationToken} {Identifiers.Write(token)}");
        string typeParameters = wrapper.Arity == 0 ? "" : $"<{string.Join(", ", wrapper.TypeParameters.Select(static each => Identifiers.Write(each.Name)))}>";
        string constraints = string.Concat(Constraints.Of(wrapper.TypeParameters).Select(static clause => " " + clause));
        string modifiers = isInterface ? "" : wrapper.IsStatic ? "private static " : "private ";
        string end = isInterface ? ";" : "\n    => throw new global::System.NotImplementedException();";
        string text = $"{modifiers}{wrapper.ReturnType.Full()} {Identifiers.Write(name)}{typeParameters}({string.Join(", ", parameters)}){constraints}{end}";
        return SyntaxFactory.ParseMemberDeclaration(text)!
            .WithLeadingTrivia(lineEnd)
            .WithTrailingTrivia(lineEnd)
            .WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);
    }

    /// <summary>The declaring half of a method that had a body.</summary>
    public static MethodDeclarationSyntax Declare(MethodDeclarationSyntax method)
    {
        IEnumerable<SyntaxToken> modifiers = method.Modifiers.Where(static each => !each.IsKind(SyntaxKind.AsyncKeyword) && !each.IsKind(SyntaxKind.PartialKeyword));
        if (!method.Modifiers.Any(IsAccessibility))
        {
            modifiers = modifiers.Prepend(Modifier(SyntaxKind.PrivateKeyword));
        }

        // Attributes of parameters stay with the declaration, except the one that only an iterator understands.
        MethodDeclarationSyntax declaration = method
            .WithModifiers(SyntaxFactory.TokenList(modifiers.Select(static each => each.WithLeadingTrivia().WithTrailingTrivia(SyntaxFactory.Space)).Append(Modifier(SyntaxKind.PartialKeyword))))
            .WithReturnType(method.ReturnType.WithLeadingTrivia())
            .WithParameterList(method.ParameterList.ReplaceNodes(method.ParameterList.Parameters, static (_, parameter) => WithoutEnumeratorCancellation(parameter)))
            .WithBody(null)
            .WithExpressionBody(null);
        declaration = declaration.ConstraintClauses.Count == 0
            ? declaration.WithParameterList(declaration.ParameterList.WithTrailingTrivia())
            : declaration.WithConstraintClauses(SyntaxFactory.List(declaration.ConstraintClauses.Select(
                (clause, index) => index == declaration.ConstraintClauses.Count - 1 ? clause.WithTrailingTrivia() : clause)));
        return declaration
            .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(method.GetTrailingTrivia()))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The Core method that takes over the body of a method.</summary>
    public static MethodDeclarationSyntax TakeOver(MethodDeclarationSyntax method, SyntaxTrivia lineEnd)
    {
        IEnumerable<SyntaxToken> kept = method.Modifiers
            .Where(static each => each.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.ReadOnlyKeyword)
            .Select(static each => each.WithLeadingTrivia().WithTrailingTrivia(SyntaxFactory.Space));
        return method
            .WithAttributeLists(default)
            .WithModifiers(SyntaxFactory.TokenList(kept.Prepend(Modifier(SyntaxKind.PrivateKeyword))))
            .WithReturnType(method.ReturnType.WithLeadingTrivia())
            .WithIdentifier(SyntaxFactory.Identifier(Identifiers.Core(method.Identifier.ValueText)).WithTriviaFrom(method.Identifier))
            .WithParameterList(method.ParameterList.ReplaceNodes(method.ParameterList.Parameters, static (_, parameter) => Plain(parameter)))
            .WithLeadingTrivia(method.GetLeadingTrivia().Where(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1).Prepend(lineEnd))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static bool IsAccessibility(SyntaxToken modifier)
        => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword;

    private static SyntaxToken Modifier(SyntaxKind kind) => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);

    private static ParameterSyntax WithoutEnumeratorCancellation(ParameterSyntax parameter)
        => parameter.AttributeLists.Any(IsEnumeratorCancellation)
            ? parameter.WithAttributeLists(SyntaxFactory.List(parameter.AttributeLists.Where(static list => !IsEnumeratorCancellation(list)))).WithTriviaFrom(parameter)
            : parameter;

    /// <summary>A parameter without default value, roles and <c>this</c>: those are the wrapper's.</summary>
    private static ParameterSyntax Plain(ParameterSyntax parameter)
        => parameter
            .WithDefault(null)
            .WithIdentifier(parameter.Identifier.WithTrailingTrivia())
            .WithAttributeLists(SyntaxFactory.List(parameter.AttributeLists.Where(IsEnumeratorCancellation)))
            .WithModifiers(SyntaxFactory.TokenList(parameter.Modifiers.Where(static each => !each.IsKind(SyntaxKind.ThisKeyword))))
            .WithTriviaFrom(parameter);

    private static bool IsEnumeratorCancellation(AttributeListSyntax list)
        => list.Attributes.Count == 1 && list.Attributes[0].Name.ToString() is { } name
            && (name.EndsWith(EnumeratorCancellation, StringComparison.Ordinal) || name.EndsWith(EnumeratorCancellation + "Attribute", StringComparison.Ordinal));

    private static string Parameter(IParameterSymbol parameter)
    {
        string modifier = parameter.RefKind switch
        {
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        };
        return $"{modifier}{parameter.Type.Full()} {Identifiers.Write(parameter.Name)}";
    }

    private static string FreeName(string name, CallShape shape) => Identifiers.Free(name, candidate => shape.All.Any(each => each.Parameter.Name == candidate));
}
