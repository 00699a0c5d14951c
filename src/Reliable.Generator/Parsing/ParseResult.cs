using Reliable.Generator.Collections;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>
/// What was read from one annotated method. The models are plain data; only the diagnostics hold locations, and they go their own way at once.
/// </summary>
internal sealed record ParseResult(WrapperModel? Wrapper, DecoratorModel? Decorator, EquatableArray<DiagnosticInfo> Diagnostics)
{
    public static ParseResult Of(WrapperModel? wrapper, DiagnosticSink sink) => new(wrapper, null, sink.Diagnostics.ToEquatableArray());

    public static ParseResult Of(DecoratorModel? decorator, DiagnosticSink sink) => new(null, decorator, sink.Diagnostics.ToEquatableArray());
}
