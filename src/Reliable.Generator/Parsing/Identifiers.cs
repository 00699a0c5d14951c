using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Parsing;

internal static class Identifiers
{
    /// <summary>A name as it is written: with <c>@</c> where it is a keyword anywhere.</summary>
    public static string Write(string name)
        => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>The name of a type: one of lower-case letters only is a warning, which the user has accepted, unless it is escaped.</summary>
    public static string WriteType(string name) => name.All(static each => each is >= 'a' and <= 'z') ? "@" + name : Write(name);

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>The name of the method that makes the model call for a method.</summary>
    public static string Core(string name)
    {
        const string Async = "Async";
        return name.EndsWith(Async, StringComparison.Ordinal) ? name.Substring(0, name.Length - Async.Length) + "CoreAsync" : name + "Core";
    }

    /// <summary>The name of the method that a Core method's name belongs to, or <see langword="null"/> when it is no such name.</summary>
    public static string? Wrapper(string core)
    {
        const string Suffix = "Core";
        const string AsyncSuffix = "CoreAsync";
        return core.EndsWith(AsyncSuffix, StringComparison.Ordinal) && core.Length > AsyncSuffix.Length
            ? core.Substring(0, core.Length - AsyncSuffix.Length) + "Async"
            : core.EndsWith(Suffix, StringComparison.Ordinal) && core.Length > Suffix.Length ? core.Substring(0, core.Length - Suffix.Length) : null;
    }

    /// <summary>The name itself, or with the first number from 2 that makes it free.</summary>
    public static string Free(string name, Func<string, bool> isTaken)
    {
        string candidate = name;
        for (int number = 2; isTaken(candidate); number++)
        {
            candidate = name + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return candidate;
    }
}
