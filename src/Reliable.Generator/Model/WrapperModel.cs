using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>The other half of one partial method.</summary>
/// <param name="HintName">The name of its file.</param>
/// <param name="Namespace">Its namespace, or an empty string.</param>
/// <param name="ContainingTypes">The declarations around it, the outermost first: <c>partial class Outer&lt;T&gt;</c>.</param>
/// <param name="SuppressedWarnings">The warnings that naming the user's obsolete or experimental types would give.</param>
/// <param name="Documentation">The summary to write, or <see langword="null"/> when the user wrote documentation.</param>
/// <param name="Signature">The method's declaration.</param>
/// <param name="Call">What the method does, or <see langword="null"/> when an error was reported and only the declaration is wanted.</param>
internal sealed record WrapperModel(
    string HintName,
    string Namespace,
    EquatableArray<string> ContainingTypes,
    EquatableArray<string> SuppressedWarnings,
    string? Documentation,
    SignatureModel Signature,
    CallModel? Call);
