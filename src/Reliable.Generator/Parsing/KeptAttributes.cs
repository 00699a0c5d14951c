using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Parsing;

/// <summary>
/// The attributes that a decorator's member must have because the interface's member has them: without them the trimming analyzers report a difference, a
/// reference is safe for fewer uses, and a member that must not be used cannot be handed on.
/// </summary>
internal static class KeptAttributes
{
    private static readonly string[] s_kept =
    [
        KnownNames.DynamicallyAccessedMembers,
        KnownNames.RequiresUnreferencedCode,
        KnownNames.RequiresDynamicCode,
        KnownNames.RequiresAssemblyFiles,
        KnownNames.UnscopedRef,
    ];

    private static readonly string s_suppression =
        $"[{KnownNames.Attribute(KnownNames.UnconditionalSuppressMessage)}(\"Trimming\", \"IL2077\", Justification = \"The argument is passed on as it came.\")]";

    /// <summary>The attributes of a member, each as a line of its own.</summary>
    public static EquatableArray<string> Of(ISymbol member)
    {
        IEnumerable<string> own = Texts(member.GetAttributes()).Select(static text => $"[{text}]");
        IEnumerable<string> returned = member is IMethodSymbol method ? Texts(method.GetReturnTypeAttributes()).Select(static text => $"[return: {text}]") : [];
        IEnumerable<string> obsolete = MustNotBeUsed(member) ? [$"[{KnownNames.Attribute(KnownNames.Obsolete)}]"] : [];
        return obsolete.Concat(own).Concat(returned).ToEquatableArray();
    }

    /// <summary>
    /// What a method that is wrapped says besides: a parameter's own promise to the trimmer cannot be said of an element of a tuple, in which it travels to the attempt.
    /// </summary>
    public static EquatableArray<string> OfWrapper(IMethodSymbol method)
        => method.Parameters.Any(static parameter => parameter.Has(KnownNames.DynamicallyAccessedMembers))
            ? new[] { s_suppression }.ToEquatableArray()
            : EquatableArray<string>.Empty;

    /// <summary>The attributes of a parameter or a type parameter, to be written before it.</summary>
    public static string Inline(ISymbol parameter) => string.Concat(Texts(parameter.GetAttributes()).Select(static text => $"[{text}] "));

    /// <summary>Whether the compiler refuses a use, unless the user is obsolete as well.</summary>
    private static bool MustNotBeUsed(ISymbol member)
        => member.IsRefused() || (member is IPropertySymbol property && (property.GetMethod?.IsRefused() == true || property.SetMethod?.IsRefused() == true));

    private static IEnumerable<string> Texts(IEnumerable<AttributeData> attributes)
        => attributes.Where(static each => s_kept.Any(name => each.AttributeClass.Is(name))).Select(Text);

    private static string Text(AttributeData attribute)
    {
        IEnumerable<string> arguments = attribute.ConstructorArguments.Select(static argument => ConstantText.Of(argument) ?? "default")
            .Concat(attribute.NamedArguments.Select(static argument => $"{Identifiers.Write(argument.Key)} = {ConstantText.Of(argument.Value) ?? "default"}"));
        string text = string.Join(", ", arguments);
        string name = KnownNames.Attribute(attribute.AttributeClass!.ToDisplayString());
        return text.Length == 0 ? name : $"{name}({text})";
    }
}
