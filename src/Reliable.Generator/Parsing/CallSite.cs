using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;

namespace Reliable.Generator.Parsing;

/// <summary>What differs between a partial method and a decorated one: whom an attempt calls, and where the runtime is.</summary>
internal abstract class CallSite
{
    /// <summary>The object that the methods are called on.</summary>
    public abstract string Self { get; }

    /// <summary>Its name in the state.</summary>
    public abstract string SelfName { get; }

    /// <summary>The type that the generated code belongs to, or the assembly: what decides which symbols it may name.</summary>
    public abstract ISymbol Within { get; }

    /// <summary>The expression that yields the runtime and the member it names, or <see langword="null"/> after a diagnostic.</summary>
    public abstract (string Expression, ISymbol? Named)? FindRuntime(DiagnosticSink sink);

    public abstract Target? FindAttempt(DiagnosticSink sink);

    public abstract Target? FindFallback(string name, Location? location, DiagnosticSink sink);
}
