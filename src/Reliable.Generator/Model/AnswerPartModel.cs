using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>The checks of one type's members.</summary>
/// <param name="Method">The name of the method that makes them.</param>
/// <param name="Type">The type, fully qualified.</param>
/// <param name="Checks">The statements.</param>
internal sealed record AnswerPartModel(string Method, string Type, EquatableArray<string> Checks);
