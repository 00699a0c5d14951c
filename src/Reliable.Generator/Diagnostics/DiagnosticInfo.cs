using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Diagnostics;

/// <summary>
/// A diagnostic that is equal to another by what it says: <see cref="Diagnostic"/> compares its arguments by reference, so that one made anew would
/// be reported anew at every keystroke. The location is the real one; one that is rebuilt from a path ignores <c>#pragma warning disable</c>.
/// </summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, Location? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location, [.. Arguments]);
}
