namespace Reliable.Generator.Model;

/// <summary>One annotated method of an interface, in its decorator.</summary>
internal sealed record WrappedMemberModel(SignatureModel Signature, CallModel Call);
