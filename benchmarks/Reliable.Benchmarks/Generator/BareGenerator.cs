using Microsoft.CodeAnalysis;

namespace Reliable.Benchmarks.Generator;

/// <summary>What the compiler itself costs: it finds the same methods by the same attributes, asks for nothing but their name, and writes one line for each.</summary>
internal sealed class BareGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (string attribute in new[] { typeof(RetryAttribute).FullName!, typeof(ValidateResponseAttribute).FullName!, typeof(UsageTransactionAttribute).FullName! })
        {
            bool isFirst = attribute == typeof(RetryAttribute).FullName;
            IncrementalValuesProvider<string> names = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    attribute,
                    static (_, _) => true,
                    (target, _) => isFirst ? $"{target.TargetSymbol.ContainingType.Name}.{target.TargetSymbol.Name}" : "")
                .Where(static name => name.Length > 0);
            context.RegisterSourceOutput(names, static (output, name) => output.AddSource(name + ".g.cs", $"// {name}\n"));
        }
    }
}
