using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>Every type that generated code repeats must be known while it is generated.</summary>
internal static class TypeRules
{
    public static bool Check(IMethodSymbol method, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        bool known = true;
        if (Unknown(method.ReturnType, compilation) is { } returned)
        {
            known = false;
            MethodDeclarationSyntax? syntax = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as MethodDeclarationSyntax;
            sink.Report(DiagnosticDescriptors.TypeUnknown, syntax?.ReturnType.GetLocation() ?? method.SourceLocation(), returned.Short(), method.Name);
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (Unknown(parameter.Type, compilation) is { } type)
            {
                known = false;
                sink.Report(DiagnosticDescriptors.TypeUnknown, parameter.DeclarationLocation(cancellation), type.Short(), method.Name);
            }
        }

        return CheckConstraints(method.TypeParameters, method.Name, compilation, sink) && known;
    }

    /// <summary>Checks the members of an interface that a decorator repeats, its own and the inherited.</summary>
    public static bool Check(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink)
    {
        bool known = CheckConstraints(type.TypeParameters, type.Name, compilation, sink);
        foreach (ISymbol member in type.AllInterfaces.Prepend(type).SelectMany(static each => each.GetMembers()))
        {
            if (TypesOf(member).Select(each => Unknown(each, compilation)).FirstOrDefault(static each => each is not null) is { } unknown)
            {
                known = false;
                sink.Report(DiagnosticDescriptors.TypeUnknown, member.SourceLocation() ?? type.SourceLocation(), unknown.Short(), type.Name);
            }
        }

        return known;
    }

    private static bool CheckConstraints(ImmutableArray<ITypeParameterSymbol> parameters, string name, Compilation compilation, DiagnosticSink sink)
    {
        bool known = true;
        foreach (ITypeParameterSymbol parameter in parameters)
        {
            if (UnknownConstraint(parameter, compilation) is { } unknown)
            {
                known = false;
                sink.Report(DiagnosticDescriptors.TypeUnknown, parameter.SourceLocation(), unknown.Short(), name);
            }
        }

        return known;
    }

    private static IEnumerable<ITypeSymbol> TypesOf(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method => method.Parameters.Select(static parameter => parameter.Type).Append(method.ReturnType)
            .Concat(method.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes)),
        IPropertySymbol property => property.Parameters.Select(static parameter => parameter.Type).Append(property.Type),
        IEventSymbol @event => [@event.Type],
        _ => [],
    };

    private static ITypeSymbol? UnknownConstraint(ITypeParameterSymbol parameter, Compilation compilation)
        => parameter.ConstraintTypes.Select(each => Unknown(each, compilation)).FirstOrDefault(static each => each is not null);

    private static ITypeSymbol? Unknown(ITypeSymbol type, Compilation compilation) => type switch
    {
        IErrorTypeSymbol => type,
        IArrayTypeSymbol array => Unknown(array.ElementType, compilation),
        IPointerTypeSymbol pointer => Unknown(pointer.PointedAtType, compilation),
        INamedTypeSymbol named when FileReach.IsOutOfReach(named, compilation) => type,
        INamedTypeSymbol named => named.FromOutermost().SelectMany(static each => each.TypeArguments).Select(each => Unknown(each, compilation)).FirstOrDefault(static each => each is not null),
        _ => null,
    };
}
