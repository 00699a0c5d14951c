namespace Reliable.Generator.Model;

/// <summary>One member of an interface that its decorator hands on as it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Signature">Its declaration; of a property or an event only the modifiers, the type and the name are used.</param>
/// <param name="Target">The expression it is handed on to.</param>
/// <param name="HasGetter">Whether a property can be read.</param>
/// <param name="HasSetter">Whether a property can be written.</param>
/// <param name="IsInitOnly">Whether it can be written only while an object is initialized.</param>
/// <param name="ReturnsByRef">Whether a reference is returned.</param>
internal sealed record ForwardedMemberModel(
    ForwardedMemberKind Kind,
    SignatureModel Signature,
    string Target,
    bool HasGetter = false,
    bool HasSetter = false,
    bool IsInitOnly = false,
    bool ReturnsByRef = false);
