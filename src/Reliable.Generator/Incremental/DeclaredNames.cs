using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Incremental;

/// <summary>The names by which a declaration is found from elsewhere. Members are not among them: they are found through their type.</summary>
internal static class DeclaredNames
{
    public static ImmutableArray<string> Of(MemberDeclarationSyntax node)
    {
        HashSet<string> names = [];
        Add(node, names);
        return [.. names];
    }

    private static void Add(MemberDeclarationSyntax node, HashSet<string> names)
    {
        switch (node)
        {
            case DelegateDeclarationSyntax declaration:
                Add(declaration.Identifier.ValueText, names);
                break;
            case TypeDeclarationSyntax declaration:
                Add(declaration.Identifier.ValueText, names);
                bool extends = declaration.Identifier.ValueText.Length == 0;
                foreach (MemberDeclarationSyntax member in declaration.Members)
                {
                    Add(member, names);
                    AddExtension(member, extends, names);
                }

                break;
            case BaseTypeDeclarationSyntax declaration:
                Add(declaration.Identifier.ValueText, names);
                break;
        }
    }

    /// <summary>An attribute is mentioned by either of its names.</summary>
    private static void Add(string name, HashSet<string> names)
    {
        if (name.Length == 0)
        {
            return;
        }

        names.Add(name);
        if (name.EndsWith(nameof(Attribute), StringComparison.Ordinal) && name.Length > nameof(Attribute).Length)
        {
            names.Add(name.Substring(0, name.Length - nameof(Attribute).Length));
        }
    }

    /// <summary>What extends other types is found without its own.</summary>
    private static void AddExtension(MemberDeclarationSyntax member, bool isInExtension, HashSet<string> names)
    {
        switch (member)
        {
            case MethodDeclarationSyntax method when isInExtension || IsExtension(method):
                names.Add(method.Identifier.ValueText);
                break;
            case PropertyDeclarationSyntax property when isInExtension:
                names.Add(property.Identifier.ValueText);
                break;
        }
    }

    private static bool IsExtension(MethodDeclarationSyntax method)
        => method.ParameterList.Parameters.Count > 0 && method.ParameterList.Parameters[0].Modifiers.Any(SyntaxKind.ThisKeyword);
}
