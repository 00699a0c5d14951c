using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Emission;
using Reliable.Generator.Incremental;
using Reliable.Generator.Model;
using Reliable.Generator.Parsing;

namespace Reliable.Generator;

/// <summary>
/// Writes the wrappers of methods annotated with <c>[Retry]</c>, <c>[ValidateResponse]</c> or <c>[UsageTransaction]</c>: the other half of a
/// partial method, or the decorator of an interface.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ReliableGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (string attribute in KnownNames.CallAttributes)
        {
            IncrementalValuesProvider<ParseResult> parsed = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    attribute,
                    predicate: static (_, _) => true,
                    transform: (target, cancellation) => ParseCache.Get(target, attribute, cancellation))
                .SelectMany(static (result, _) => Present(result))
                .WithTrackingName(TrackingNames.Parsed);

            RegisterWrappers(context, parsed);
            RegisterDecorators(context, parsed);
            RegisterDiagnostics(context, parsed);
        }
    }

    private static void RegisterWrappers(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> parsed)
    {
        IncrementalValuesProvider<WrapperModel> wrappers = parsed
            .SelectMany(static (result, _) => Present(result.Wrapper))
            .WithTrackingName(TrackingNames.Wrappers);

        context.RegisterSourceOutput(wrappers, static (output, model) => output.AddSource(model.HintName, WrapperEmitter.Emit(model)));
    }

    private static void RegisterDecorators(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> parsed)
    {
        IncrementalValuesProvider<DecoratorModel> decorators = parsed
            .SelectMany(static (result, _) => Present(result.Decorator))
            .WithTrackingName(TrackingNames.Decorators);

        context.RegisterSourceOutput(decorators, static (output, model) => output.AddSource(model.HintName, DecoratorEmitter.Emit(model)));
    }

    private static void RegisterDiagnostics(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> parsed)
    {
        IncrementalValuesProvider<DiagnosticInfo> diagnostics = parsed
            .SelectMany(static (result, _) => result.Diagnostics)
            .WithTrackingName(TrackingNames.Diagnostics);

        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
    }

    /// <summary>One stage where a filter and a selection would be two: each is walked for every method at every keystroke.</summary>
    private static ImmutableArray<T> Present<T>(T? value)
        where T : class
        => value is null ? [] : [value];
}
