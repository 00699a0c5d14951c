using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>Where the attributes may stand: on a method that can be partial, or on an instance method of an interface.</summary>
internal static class PlacementRules
{
    public static bool Check(IMethodSymbol method, DiagnosticSink sink)
    {
        string? problem = Problem(method);
        if (problem is not null)
        {
            sink.Report(DiagnosticDescriptors.PlacementUnsupported, method.SourceLocation(), method.Name, problem);
        }

        return problem is null;
    }

    public static void ReportNotAMethod(IMethodSymbol method, SyntaxNode node, DiagnosticSink sink)
    {
        Location location = node is AccessorDeclarationSyntax accessor ? accessor.Keyword.GetLocation() : method.SourceLocation() ?? node.GetLocation();
        sink.Report(DiagnosticDescriptors.PlacementUnsupported, location, method.Name, "only a method of a class, a struct, a record or an interface can be");
    }

    /// <summary>Checks that another part of the method can be written beside it.</summary>
    public static bool CheckPartial(IMethodSymbol method, MethodDeclarationSyntax syntax, DiagnosticSink sink)
    {
        if (method.PartialDefinitionPart is not null || method.PartialImplementationPart is not null)
        {
            sink.Report(DiagnosticDescriptors.BodyWritten, syntax.Identifier.GetLocation(), method.Name, Identifiers.Core(method.Name));
            return false;
        }

        if (!method.IsPartialDefinition)
        {
            sink.Report(DiagnosticDescriptors.MethodNotPartial, syntax.Identifier.GetLocation(), method.Name, Identifiers.Core(method.Name));
            return false;
        }

        return CheckContainingTypes(method, sink);
    }

    /// <summary>A class behind a decorator that is annotated itself would be wrapped twice.</summary>
    public static void CheckInterfaces(IMethodSymbol method, DiagnosticSink sink)
    {
        INamedTypeSymbol type = method.ContainingType;
        IMethodSymbol? wrapped = type.AllInterfaces
            .SelectMany(each => each.GetMembers(method.Name))
            .OfType<IMethodSymbol>()
            .FirstOrDefault(member => AnnotatedMethods.IsAnnotated(member)
                && type.FindImplementationForInterfaceMember(member) is IMethodSymbol found
                && SymbolEqualityComparer.Default.Equals(found.PartialDefinitionPart ?? found, method.PartialDefinitionPart ?? method));
        if (wrapped is not null)
        {
            string name = $"{wrapped.ContainingType.Name}.{wrapped.Name}";
            sink.Report(DiagnosticDescriptors.WrappedTwice, method.SourceLocation(), $"{type.Name}.{method.Name}", name);
        }
    }

    private static bool CheckContainingTypes(IMethodSymbol method, DiagnosticSink sink)
    {
        bool allPartial = true;
        foreach (INamedTypeSymbol type in method.ContainingType.FromOutermost())
        {
            if (type.IsFileLocal)
            {
                sink.Report(
                    DiagnosticDescriptors.PlacementUnsupported,
                    method.SourceLocation(),
                    method.Name,
                    $"'{type.Name}' is visible in one file only; remove 'file'");
                return false;
            }

            if (!IsPartial(type))
            {
                allPartial = false;

                // Once for a type, however many of its methods are annotated.
                if (AnnotatedMethods.IsFirst(method))
                {
                    sink.Report(DiagnosticDescriptors.ContainingTypeNotPartial, type.SourceLocation(), type.Name, method.Name);
                }
            }
        }

        return allPartial;
    }

    private static bool IsPartial(INamedTypeSymbol type)
        => type.DeclaringSyntaxReferences.All(
            static reference => reference.GetSyntax() is MemberDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string? Problem(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        return method switch
        {
            { MethodKind: MethodKind.ExplicitInterfaceImplementation } => "it implements an interface explicitly; annotate the interface's method instead",
            { MethodKind: not MethodKind.Ordinary } => "only a method of a class, a struct, a record or an interface can be",
            { IsVararg: true } => "'__arglist' cannot be passed a second time",
            _ when type.TypeKind == TypeKind.Interface => InterfaceProblem(method),
            _ when type.TypeKind is not (TypeKind.Class or TypeKind.Struct) => "only a method of a class, a struct, a record or an interface can be",
            { IsAbstract: true } => "it is abstract; annotate the methods that override it instead",
            { IsExtern: true } => "it is extern",
            { IsStatic: false } when type.IsRefLikeType => $"'{type.Name}' is a ref struct, which cannot be kept for another attempt",
            _ => null,
        };
    }

    private static string? InterfaceProblem(IMethodSymbol method) => method switch
    {
        { IsStatic: true } => "a static method of an interface is not called on the implementation",
        { DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal) } => "it cannot be called from a decorator; make it public",
        { IsAbstract: false, IsVirtual: false } => "it is sealed, so that a decorator cannot take its place",
        _ => null,
    };
}
