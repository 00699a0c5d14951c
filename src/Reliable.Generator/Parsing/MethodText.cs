using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>Signatures as messages show them.</summary>
internal static class MethodText
{
    /// <summary>A method as it is declared, without modifiers.</summary>
    public static string Of(IMethodSymbol method)
        => $"{Attributes(method)}{method.ReturnType.Short()} {method.Name}{TypeParameters(method)}({string.Join(", ", method.Parameters.Select(Parameter))})";

    /// <summary>What the Core method or the fallback of a method would be declared as.</summary>
    public static string Expected(IMethodSymbol method, CallShape shape, string name)
    {
        IEnumerable<string> parameters = shape.Ordinary.Select(Parameter)
            .Append("AttemptContext attempt")
            .Append("CancellationToken cancellationToken");
        string prefix = method.IsStatic ? "static " : "";
        return $"{prefix}{method.ReturnType.WithNullableAnnotation(NullableAnnotation.NotAnnotated).Short()} {name}{TypeParameters(method)}({string.Join(", ", parameters)})";
    }

    private static string TypeParameters(IMethodSymbol method)
        => method.TypeParameters.IsEmpty ? "" : $"<{string.Join(", ", method.TypeParameters.Select(static parameter => parameter.Name))}>";

    private static string Parameter(IParameterSymbol parameter)
    {
        string modifier = parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        };
        string attribute = parameter.Has(KnownNames.DisallowNull) ? "[DisallowNull] " : "";
        return $"{attribute}{modifier}{parameter.Type.Short()} {parameter.Name}";
    }

    /// <summary>The attributes for which a method cannot make attempts.</summary>
    private static string Attributes(IMethodSymbol method)
    {
        IEnumerable<string> annotations = KnownNames.CallAttributes.Where(name => method.Has(name))
            .Select(static name => $"[{name.Substring(name.IndexOf('.') + 1, name.Length - name.IndexOf('.') - 1 - nameof(Attribute).Length)}] ");
        return string.Concat(annotations) + (method.IsRefused() ? "[Obsolete(error: true)] " : "");
    }
}
