using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Parsing;

/// <summary>One type that an answer is made of, and the checks of its members. Lives only while a method is parsed.</summary>
internal sealed class AnswerPart(ITypeSymbol type, string method)
{
    private readonly List<(string Check, AnswerPart? Inner)> _checks = [];
    private readonly List<ISymbol> _named = [type];

    public ITypeSymbol Type => type;

    /// <summary>The name of the method that makes the checks.</summary>
    public string Method => method;

    /// <summary>Whether there is anything to check in it or below it.</summary>
    public bool IsUseful { get; set; }

    public bool HasRule => _checks.Exists(static each => each.Inner is null or { IsUseful: true });

    public IEnumerable<string> Checks => _checks.Where(static each => each.Inner is null or { IsUseful: true }).Select(static each => each.Check);

    /// <summary>What the checks name.</summary>
    public IEnumerable<ISymbol> Named => _named;

    public void Add(string? check, params ISymbol[] named)
    {
        if (check is not null)
        {
            _checks.Add((check, null));
            _named.AddRange(named);
        }
    }

    public void Add(AnswerPart inner, string check, params ISymbol[] named)
    {
        _checks.Add((check, inner));
        _named.AddRange(named);
    }
}
