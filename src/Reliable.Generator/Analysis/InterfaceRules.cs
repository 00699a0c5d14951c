using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Parsing;

namespace Reliable.Generator.Analysis;

/// <summary>Which interfaces can have a decorator: a class of the same namespace that implements all of it.</summary>
internal static class InterfaceRules
{
    public static bool Check(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink)
    {
        if (compilation.GetTypeByMetadataName(KnownNames.Builder) is null)
        {
            sink.Report(DiagnosticDescriptors.RuntimeNotReferenced, type.SourceLocation(), type.Name);
            return false;
        }

        if (Problem(type, compilation) is { } problem)
        {
            sink.Report(DiagnosticDescriptors.InterfaceUnsupported, type.SourceLocation(), type.Name, problem);
            return false;
        }

        return TypeRules.Check(type, compilation, sink);
    }

    private static string? Problem(INamedTypeSymbol type, Compilation compilation)
    {
        foreach (INamedTypeSymbol each in type.FromOutermost())
        {
            if (each.IsFileLocal)
            {
                return $"'{each.Name}' is visible in one file only; remove 'file'";
            }

            if (each.IsRefused())
            {
                return $"'{each.Name}' is obsolete, and that is an error; remove the attributes of Reliable";
            }

            if (each.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal))
            {
                return $"'{each.Name}' is not visible outside its type; make it internal";
            }

            if (each.Arity > 0 && !SymbolEqualityComparer.Default.Equals(each, type))
            {
                return $"it is nested in the generic type '{each.Name}'; move it out";
            }
        }

        return type.AllInterfaces.Prepend(type)
            .SelectMany(static each => each.GetMembers())
            .Select(member => MemberForwarding.WhyNot(member, compilation))
            .FirstOrDefault(static problem => problem is not null);
    }
}
