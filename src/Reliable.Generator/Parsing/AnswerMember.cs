using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>One member of an answer that can be read. Lives only while a method is parsed.</summary>
/// <param name="Symbol">The property or field.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsRequired">Whether an object cannot be made without it.</param>
/// <param name="Annotations">Its data annotations, those of a record's parameter included.</param>
internal sealed record AnswerMember(ISymbol Symbol, ITypeSymbol Type, bool IsRequired, IReadOnlyList<AttributeData> Annotations)
{
    public string Name => Symbol.Name;

    /// <summary>The members of a type that generated code can read, those of its base types included.</summary>
    public static IEnumerable<AnswerMember> Of(INamedTypeSymbol type, ISymbol within, Compilation compilation)
    {
        HashSet<string> seen = [];
        IEnumerable<ITypeSymbol> declaring = type.TypeKind == TypeKind.Interface ? type.AllInterfaces.Prepend(type) : type.SelfAndBases();
        IEnumerable<ISymbol> members = type.IsTupleType ? type.TupleElements : declaring.SelectMany(static each => each.GetMembers());
        foreach (ISymbol symbol in members)
        {
            if (TypeOf(symbol) is not { IsRefLikeType: false } memberType
                || memberType.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Error
                || symbol is not { IsStatic: false, CanBeReferencedByName: true }
                || !seen.Add(symbol.Name)
                || symbol.IsRefused()
                || !compilation.IsSymbolAccessibleWithin(Readable(symbol), within))
            {
                continue;
            }

            IParameterSymbol? positional = Positional(symbol);
            List<AttributeData> annotations = [.. Inherited(symbol), .. positional is null ? [] : positional.GetAttributes().Where(IsAnnotation)];
            bool isRequired = symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };
            bool isGiven = positional is { HasExplicitDefaultValue: false } && memberType.NullableAnnotation != NullableAnnotation.Annotated;
            if (symbol.DeclaredAccessibility == Accessibility.Public || isRequired || annotations.Count > 0)
            {
                yield return new AnswerMember(symbol, memberType, isRequired || isGiven, annotations);
            }
        }
    }

    public static bool IsAnnotation(AttributeData attribute)
        => attribute.AttributeClass is { } type && type.SelfAndBases().Any(static each => each.Is(KnownNames.ValidationAttribute));

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
        IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
        IFieldSymbol { CorrespondingTupleField: not null } element => element.Type,
        _ => null,
    };

    private static ISymbol Readable(ISymbol symbol) => symbol is IPropertySymbol { GetMethod: { } getter } ? getter : symbol;

    /// <summary>The annotations of a property and of those it overrides: they are inherited.</summary>
    private static IEnumerable<AttributeData> Inherited(ISymbol symbol)
    {
        HashSet<string> seen = [];
        for (ISymbol? each = symbol; each is not null; each = (each as IPropertySymbol)?.OverriddenProperty)
        {
            foreach (AttributeData attribute in each.GetAttributes().Where(IsAnnotation))
            {
                if (ReferenceEquals(each, symbol) || seen.Add(attribute.AttributeClass!.Full()))
                {
                    yield return attribute;
                }
            }

            seen.UnionWith(each.GetAttributes().Where(IsAnnotation).Select(static attribute => attribute.AttributeClass!.Full()));
        }
    }

    /// <summary>The parameter of a record that a property was made from.</summary>
    private static IParameterSymbol? Positional(ISymbol symbol)
    {
        if (symbol is not IPropertySymbol { ContainingType: { IsRecord: true } type })
        {
            return null;
        }

        List<IMethodSymbol> deconstructors = [.. type.GetMembers("Deconstruct").OfType<IMethodSymbol>()];
        return type.InstanceConstructors
            .Where(constructor => deconstructors.Exists(other => HaveSameNames(constructor, other)))
            .SelectMany(static constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == symbol.Name);
    }

    private static bool HaveSameNames(IMethodSymbol one, IMethodSymbol other)
        => one.Parameters.Length > 0 && one.Parameters.Select(static each => each.Name).SequenceEqual(other.Parameters.Select(static each => each.Name));
}
