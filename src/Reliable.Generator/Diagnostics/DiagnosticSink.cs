using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Diagnostics;

/// <summary>Collects what is wrong with one method or interface.</summary>
internal sealed class DiagnosticSink
{
    private readonly List<Diagnostic> _diagnostics = [];

    public IEnumerable<Diagnostic> Diagnostics => _diagnostics;

    public bool HasErrors { get; private set; }

    public void Report(DiagnosticDescriptor descriptor, Location? location, params object?[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        _diagnostics.Add(Diagnostic.Create(descriptor, location, arguments));
    }

    public void Add(DiagnosticSink other)
    {
        HasErrors |= other.HasErrors;
        _diagnostics.AddRange(other._diagnostics);
    }
}
