using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>Walks everything that the stages of the source branch keep, and fails on what would keep a compilation alive.</summary>
internal static class ModelGraph
{
    private static readonly string[] s_sourceStages = [TrackingNames.Wrappers, TrackingNames.Decorators];

    public static void AssertPlain(GeneratorDriverRunResult result)
    {
        ImmutableDictionary<string, ImmutableArray<IncrementalGeneratorRunStep>> steps = Assert.Single(result.Results).TrackedSteps;
        foreach (string stage in s_sourceStages.Where(steps.ContainsKey))
        {
            foreach ((object value, _) in steps[stage].SelectMany(static step => step.Outputs))
            {
                AssertPlain(value);
            }
        }
    }

    public static void AssertPlain(object model) => Visit(model, new HashSet<object>(ReferenceEqualityComparer.Instance), model.GetType().Name);

    private static void Visit(object? value, HashSet<object> seen, string path)
    {
        if (value is null || value is string or Enum || value.GetType().IsPrimitive || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel or Location or SourceText or Delegate,
            $"'{path}' holds a {value.GetType()}.");

        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Visit(item, seen, path + "[]");
            }

            return;
        }

        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Visit(field.GetValue(value), seen, $"{path}.{field.Name}");
            }
        }
    }
}
