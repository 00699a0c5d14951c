using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Parsing;

/// <summary>
/// Whether a value of one type can be passed where another is wanted, with no warning in a file that the user cannot edit: the same type,
/// and annotations that agree wherever both say something.
/// </summary>
internal static class Nullability
{
    public static bool CanPass(IParameterSymbol from, IParameterSymbol to, Compilation compilation)
    {
        if (!IsIdentity(from.Type, to.Type, compilation))
        {
            return false;
        }

        bool mayBeNull = from.Type.NullableAnnotation == NullableAnnotation.Annotated || from.Has(KnownNames.AllowNull);
        bool takesNull = (to.Type.NullableAnnotation != NullableAnnotation.NotAnnotated || to.Has(KnownNames.AllowNull)) && !to.Has(KnownNames.DisallowNull);
        return (!mayBeNull || takesNull || to.Type.IsValueType) && ArgumentsAgree(from.Type, to.Type);
    }

    public static bool CanReturn(ITypeSymbol from, ITypeSymbol to, Compilation compilation)
        => IsIdentity(from, to, compilation)
            && (from.IsValueType || from.NullableAnnotation != NullableAnnotation.Annotated)
            && ArgumentsAgree(from, to);

    /// <summary>The same type, or one that differs by names of tuple elements and <c>dynamic</c> only.</summary>
    private static bool IsIdentity(ITypeSymbol from, ITypeSymbol to, Compilation compilation)
        => SymbolEqualityComparer.Default.Equals(from, to) || compilation.ClassifyConversion(from, to).IsIdentity;

    private static bool ArgumentsAgree(ITypeSymbol left, ITypeSymbol right) => (left, right) switch
    {
        (IArrayTypeSymbol one, IArrayTypeSymbol other) => Agree(one.ElementType, other.ElementType),
        (INamedTypeSymbol one, INamedTypeSymbol other) when one.TypeArguments.Length == other.TypeArguments.Length
            => one.TypeArguments.Zip(other.TypeArguments, Agree).All(static agree => agree),
        _ => true,
    };

    private static bool Agree(ITypeSymbol left, ITypeSymbol right)
        => (left.NullableAnnotation == right.NullableAnnotation
            || left.NullableAnnotation == NullableAnnotation.None
            || right.NullableAnnotation == NullableAnnotation.None
            || left.IsValueType)
            && ArgumentsAgree(left, right);
}
