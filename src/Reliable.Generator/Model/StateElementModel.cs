namespace Reliable.Generator.Model;

/// <summary>One element of the state that a method hands to its lambdas.</summary>
/// <param name="Name">The element's name.</param>
/// <param name="Value">The expression that fills it.</param>
internal sealed record StateElementModel(string Name, string Value);
