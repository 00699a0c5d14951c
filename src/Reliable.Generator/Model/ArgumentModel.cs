namespace Reliable.Generator.Model;

/// <summary>One argument of a call inside a lambda.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Element">The element of the state it is; empty for the others.</param>
/// <param name="ByReference">Whether the parameter wants <c>in</c> said.</param>
internal sealed record ArgumentModel(ArgumentSource Source, string Element = "", bool ByReference = false);
