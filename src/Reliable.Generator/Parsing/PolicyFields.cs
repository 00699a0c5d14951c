using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>The names of the static fields that hold policies.</summary>
internal static class PolicyFields
{
    /// <summary>The field of one method of a class: a function of the type's own members, so that every method can be parsed alone.</summary>
    public static string Of(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        HashSet<string> taken = [];
        foreach (IMethodSymbol each in SameField(type, method.Name))
        {
            string field = Next(each, name => taken.Contains(name) || type.SelfAndBases().Any(each => !each.GetMembers(name).IsEmpty));
            if (SymbolEqualityComparer.Default.Equals(each, method))
            {
                return field;
            }

            taken.Add(field);
        }

        throw new InvalidOperationException($"'{method.Name}' is not among the members of its type.");
    }

    /// <summary>A field that is free, and that no parameter of the method hides.</summary>
    public static string Next(IMethodSymbol method, Func<string, bool> isTaken)
        => Identifiers.Free(
            $"s_{Identifiers.Camel(method.Name)}Policy",
            name => isTaken(name)
                || method.Parameters.Any(parameter => parameter.Name == name)
                || method.ContainingType.TypeParameters.Any(parameter => parameter.Name == name));

    /// <summary>The class that holds the rules of a method's answer: as unique as the field, and never the name of a member or of the type itself.</summary>
    public static string RulesOf(string field, IMethodSymbol method)
    {
        int at = field.LastIndexOf("Policy", StringComparison.Ordinal);
        string plain = field.Substring("s_".Length, at - "s_".Length) + "Rules" + field.Substring(at + "Policy".Length);
        string name = char.ToUpperInvariant(plain[0]) + plain.Substring(1);

        // Not a number: the next method's class may have that one.
        while (IsTaken(name, method.ContainingType))
        {
            name += "_";
        }

        return name;
    }

    private static bool IsTaken(string name, INamedTypeSymbol within)
        => within.FromOutermost().Any(type => type.Name == name || type.TypeParameters.Any(parameter => parameter.Name == name))
            || within.SelfAndBases().Any(type => !type.GetMembers(name).IsEmpty);

    private static IEnumerable<IMethodSymbol> SameField(INamedTypeSymbol type, string name)
    {
        string lower = Identifiers.Camel(name);
        string upper = char.ToUpperInvariant(name[0]) + name.Substring(1);
        return new[] { name, lower, upper }
            .Distinct(StringComparer.Ordinal)
            .OrderBy(static each => each, StringComparer.Ordinal)
            .SelectMany(each => type.GetMembers(each))
            .OfType<IMethodSymbol>()
            .Where(AnnotatedMethods.IsAnnotated);
    }
}
