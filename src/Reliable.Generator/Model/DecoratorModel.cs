using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>The decorator of one interface and its registration.</summary>
/// <param name="HintName">The name of its file.</param>
/// <param name="Namespace">The interface's namespace, or an empty string.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>, like the interface.</param>
/// <param name="Name">The decorator's name.</param>
/// <param name="Interface">The interface, fully qualified.</param>
/// <param name="InterfaceReference">The interface as a documentation comment refers to it.</param>
/// <param name="TypeParameters">The interface's type parameters.</param>
/// <param name="DeclaredTypeParameters">The same as they are declared, with the attributes that they need.</param>
/// <param name="Constraints">Their constraint clauses.</param>
/// <param name="RegistrationClass">The name of the static class that holds the registrations.</param>
/// <param name="RegistrationName">The interface's name in its registrations, <c>Add…</c> and <c>AddKeyed…</c>.</param>
/// <param name="InnerField">The name of the field that holds the implementation.</param>
/// <param name="RuntimeField">The name of the field that holds the runtime.</param>
/// <param name="ImplementationParameter">The name of the registration's type parameter.</param>
/// <param name="SuppressedWarnings">The warnings that naming the user's obsolete or experimental types would give.</param>
/// <param name="Wrapped">The annotated methods.</param>
/// <param name="Forwarded">All other members.</param>
internal sealed record DecoratorModel(
    string HintName,
    string Namespace,
    string Accessibility,
    string Name,
    string Interface,
    string InterfaceReference,
    EquatableArray<string> TypeParameters,
    EquatableArray<string> DeclaredTypeParameters,
    EquatableArray<string> Constraints,
    string RegistrationClass,
    string RegistrationName,
    string InnerField,
    string RuntimeField,
    string ImplementationParameter,
    EquatableArray<string> SuppressedWarnings,
    EquatableArray<WrappedMemberModel> Wrapped,
    EquatableArray<ForwardedMemberModel> Forwarded);
