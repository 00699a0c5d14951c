using Microsoft.CodeAnalysis;
using Reliable.Generator.Collections;

namespace Reliable.Generator.Diagnostics;

/// <summary>Collects what is wrong with one method or interface.</summary>
internal sealed class DiagnosticSink
{
    private readonly List<DiagnosticInfo> _diagnostics = [];

    public IEnumerable<DiagnosticInfo> Diagnostics => _diagnostics;

    public bool HasErrors { get; private set; }

    public void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        _diagnostics.Add(new DiagnosticInfo(descriptor, location, arguments.ToEquatableArray()));
    }

    public void Add(DiagnosticSink other)
    {
        HasErrors |= other.HasErrors;
        _diagnostics.AddRange(other._diagnostics);
    }
}
