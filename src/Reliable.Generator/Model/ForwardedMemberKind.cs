namespace Reliable.Generator.Model;

/// <summary>How a member of an interface is handed on.</summary>
internal enum ForwardedMemberKind
{
    Method,
    Property,
    Event,
}
