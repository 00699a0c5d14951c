using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Parsing;

/// <summary>The summary of a wrapper whose author wrote none.</summary>
internal static class Documentation
{
    /// <summary>Read from the text, because a compilation without a documentation file does not parse it.</summary>
    public static bool IsWritten(MethodDeclarationSyntax syntax)
        => syntax.GetLeadingTrivia().Any(static trivia => trivia.HasStructure
            ? trivia.GetStructure() is DocumentationCommentTriviaSyntax
            : IsComment(trivia.ToString()));

    public static string Summary(IMethodSymbol method) => $"Calls {Reference(method)} with {Features(method)}.";

    /// <summary>What a method's attributes add to the model call.</summary>
    public static string Features(IMethodSymbol method)
    {
        List<string> parts = [];
        if (method.Has(KnownNames.Retry))
        {
            parts.Add("retry");
        }

        if (method.Has(KnownNames.ValidateResponse))
        {
            parts.Add("response validation");
        }

        if (method.Has(KnownNames.UsageTransaction))
        {
            parts.Add("a usage transaction");
        }

        return parts.Count == 1 ? parts[0] : string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[parts.Count - 1];
    }

    private static bool IsComment(string trivia)
        => trivia.StartsWith("///", StringComparison.Ordinal) || trivia.StartsWith("/**", StringComparison.Ordinal);

    /// <summary>A reference, unless it could mean several methods: that would be a warning.</summary>
    private static string Reference(IMethodSymbol method)
    {
        string core = Identifiers.Core(method.Name);
        bool isPlain = method.Arity == 0 && method.ContainingType.GetMembers(core) is { Length: 1 } members && members[0] is IMethodSymbol { Arity: 0 };
        return isPlain ? $"<see cref=\"{core}\"/>" : $"<c>{core}</c>";
    }
}
