using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>The state that a method hands to its static lambdas: the object itself and the parameters that its targets need, in one tuple.</summary>
internal sealed class CallState
{
    private static readonly HashSet<string> s_forbidden = ["Rest", "ToString", "Equals", "GetHashCode", "CompareTo", "Deconstruct"];

    private readonly List<StateElementModel> _elements = [];
    private readonly Dictionary<string, string> _names = [];

    private CallState(CallSite site, bool needsSelf, IEnumerable<IParameterSymbol> parameters)
    {
        if (needsSelf)
        {
            _elements.Add(new StateElementModel(site.SelfName, site.Self));
        }

        foreach (IParameterSymbol parameter in parameters)
        {
            string element = "@" + Identifiers.Free(IsForbidden(parameter.Name) ? parameter.Name + "Argument" : parameter.Name, IsTaken);
            _elements.Add(new StateElementModel(element, Value(parameter)));
            _names.Add(parameter.Name, element);
        }

        Parameter = needsSelf && _elements.Count == 1 ? site.SelfName : "state";
    }

    public EquatableArray<StateElementModel> Elements => _elements.ToEquatableArray();

    /// <summary>The name of the lambdas' first parameter: what it is, when it is one thing.</summary>
    public string Parameter { get; }

    public static CallState For(IMethodSymbol method, CallSite site, params Target?[] targets)
    {
        List<Target> all = [.. targets.OfType<Target>()];
        HashSet<string> needed = [.. all.SelectMany(static target => target.Sources).Select(static parameter => parameter.Name)];
        return new CallState(
            site,
            all.Exists(static target => !target.Method.IsStatic),
            method.Parameters.Where(parameter => needed.Contains(parameter.Name)));
    }

    public string ElementOf(IParameterSymbol parameter) => _names[parameter.Name];

    /// <summary>A dynamic argument would make the whole call dynamic, so it travels as the object it is.</summary>
    private static string Value(IParameterSymbol parameter)
        => parameter.Type.TypeKind != TypeKind.Dynamic
            ? parameter.Escaped()
            : $"(object{(parameter.Type.NullableAnnotation == NullableAnnotation.NotAnnotated ? "" : "?")}){parameter.Escaped()}";

    /// <summary>Names that the compiler keeps for tuples.</summary>
    private static bool IsForbidden(string name)
        => s_forbidden.Contains(name) || (name.StartsWith("Item", StringComparison.Ordinal) && name.Length > 4 && name.Skip(4).All(char.IsDigit));

    private bool IsTaken(string name) => _elements.Exists(element => element.Name.TrimStart('@') == name);
}
