using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>A method's declaration, each part as it is written.</summary>
internal sealed record SignatureModel(
    EquatableArray<string> Attributes,
    string Modifiers,
    string ReturnType,
    string Name,
    EquatableArray<string> TypeParameters,
    EquatableArray<string> Parameters,
    EquatableArray<string> Constraints);
