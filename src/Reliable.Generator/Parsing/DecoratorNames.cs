using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>What the decorator of an interface and its registration are called.</summary>
internal sealed class DecoratorNames
{
    private const string Prefix = "Reliable";

    private static readonly SymbolDisplayFormat s_reference = new(
        SymbolDisplayGlobalNamespaceStyle.Included,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public DecoratorNames(INamedTypeSymbol type, Compilation compilation)
    {
        string plain = WithoutPrefix(type);
        string outer = string.Concat(type.FromOutermost().Where(each => !SymbolEqualityComparer.Default.Equals(each, type)).Select(static each => each.Name.Replace("_", "__") + "_"));
        string space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString().Replace("@", "").Replace("_", "__").Replace('.', '_') + "_";

        Accessibility = type.FromOutermost().All(static each => each.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public) ? "public" : "internal";
        Decorator = Identifiers.Free($"{Prefix}{outer}{plain}", name => IsTaken(name, type));
        RegistrationClass = Identifiers.Free(
            $"{space}{Decorator.Substring(Prefix.Length)}{(type.Arity == 0 ? "" : "Of" + type.Arity.ToString(System.Globalization.CultureInfo.InvariantCulture))}ReliableExtensions",
            name => compilation.GetTypeByMetadataName($"Reliable.{name}") is not null);
        RegistrationName = plain;
        ImplementationParameter = Identifiers.Free("TImplementation", name => type.TypeParameters.Any(parameter => parameter.Name == name));
        InnerField = Inner(type);
        RuntimeField = Runtime(type);
        Reference = type.ToDisplayString(s_reference).Replace('<', '{').Replace('>', '}');
    }

    public string Accessibility { get; }

    public string Decorator { get; }

    public string RegistrationClass { get; }

    /// <summary>What follows <c>Add</c> and <c>AddKeyed</c>.</summary>
    public string RegistrationName { get; }

    public string ImplementationParameter { get; }

    public string InnerField { get; }

    public string RuntimeField { get; }

    /// <summary>The interface as a documentation comment refers to it.</summary>
    public string Reference { get; }

    /// <summary>The field that holds the implementation, named like no type parameter.</summary>
    public static string Inner(INamedTypeSymbol decorated) => Field("_inner", decorated);

    /// <summary>The field that holds the runtime, named like no type parameter.</summary>
    public static string Runtime(INamedTypeSymbol decorated) => Field("_runtime", decorated);

    private static string Field(string name, INamedTypeSymbol decorated)
        => Identifiers.Free(name, candidate => decorated.TypeParameters.Any(parameter => parameter.Name == candidate));

    /// <summary>Whether a class of the namespace has a name, or an interface of it would have a decorator of that name.</summary>
    private static bool IsTaken(string decorator, INamedTypeSymbol type)
    {
        INamespaceSymbol space = type.ContainingNamespace;
        string plain = decorator.Substring(Prefix.Length);
        return !space.GetTypeMembers(decorator, type.Arity).IsEmpty
            || type.TypeParameters.Any(parameter => parameter.Name == decorator)
            || (type.ContainingType is not null && space.GetTypeMembers(plain, type.Arity).Concat(space.GetTypeMembers("I" + plain, type.Arity)).Any(static other => other.TypeKind == TypeKind.Interface));
    }

    /// <summary><c>ISummarizer</c> is a summarizer, <c>Item</c> is not a <c>tem</c>; with a <c>Summarizer</c> beside it that is an interface too, nothing is left out.</summary>
    private static string WithoutPrefix(INamedTypeSymbol type)
    {
        string name = type.Name;
        if (name.Length < 2 || name[0] != 'I' || !char.IsUpper(name[1]))
        {
            return name;
        }

        string plain = name.Substring(1);
        INamespaceOrTypeSymbol around = (INamespaceOrTypeSymbol?)type.ContainingType ?? type.ContainingNamespace;
        return around.GetTypeMembers(plain, type.Arity).Any(static other => other.TypeKind == TypeKind.Interface) ? name : plain;
    }
}
