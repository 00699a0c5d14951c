using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliable.Generator.Parsing;

/// <summary>
/// Finds the expression that yields the runtime inside a method: its own parameter, a field or property of its type or of a base type, and last a
/// primary constructor's parameter, which using it would turn into a field.
/// </summary>
internal static class RuntimeFinder
{
    /// <summary>The expression and what it names, or <see langword="null"/>.</summary>
    public static (string Expression, ISymbol Named)? Find(IMethodSymbol method, CallShape shape, Compilation compilation)
    {
        if (shape.Find(ParameterKind.Runtime) is { } own)
        {
            return (own.Escaped() + NotNull(own.Type), own);
        }

        return FromMembers(method, compilation) ?? FromPrimaryConstructor(method);
    }

    private static (string Expression, ISymbol Named)? FromMembers(IMethodSymbol method, Compilation compilation)
    {
        HashSet<string> hidden = [];
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                if (TypeOf(member) is { } memberType
                    && memberType.Is(KnownNames.Runtime)
                    && member.CanBeReferencedByName
                    && !member.IsRefused()
                    && (member.IsStatic || !method.IsStatic)
                    && !hidden.Contains(member.Name)
                    && compilation.IsSymbolAccessibleWithin(member, method.ContainingType, method.ContainingType))
                {
                    return (Qualifier(member, method) + member.Escaped() + NotNull(memberType), member);
                }
            }

            if (type.BaseType is { SpecialType: SpecialType.None })
            {
                hidden.UnionWith(type.MemberNames);
            }
        }

        return null;
    }

    private static (string Expression, ISymbol Named)? FromPrimaryConstructor(IMethodSymbol method)
    {
        if (method.IsStatic || method.ContainingType.IsRecord)
        {
            return null;
        }

        IParameterSymbol? parameter = method.ContainingType.InstanceConstructors
            .SelectMany(static constructor => constructor.Parameters)
            .FirstOrDefault(static each => each.Type.Is(KnownNames.Runtime) && IsPrimary((IMethodSymbol)each.ContainingSymbol));
        return parameter is null || IsShadowed(parameter.Name, method) || IsHidden(parameter.Name, method.ContainingType)
            ? null
            : (parameter.Escaped() + NotNull(parameter.Type), parameter);
    }

    /// <summary>Whether a member or a type parameter has the name of a primary constructor's parameter: it comes first.</summary>
    private static bool IsHidden(string name, INamedTypeSymbol type)
        => type.TypeParameters.Any(parameter => parameter.Name == name) || !type.GetMembers(name).IsEmpty;

    private static bool IsPrimary(IMethodSymbol constructor)
        => constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
        IPropertySymbol { IsIndexer: false, IsWriteOnly: false } property => property.Type,
        _ => null,
    };

    private static string Qualifier(ISymbol member, IMethodSymbol method)
    {
        if (!IsShadowed(member.Name, method))
        {
            return "";
        }

        return member.IsStatic ? member.ContainingType.Full() + "." : "this.";
    }

    private static bool IsShadowed(string name, IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Name == name);

    private static string NotNull(ITypeSymbol type) => type.NullableAnnotation == NullableAnnotation.Annotated ? "!" : "";
}
