namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>The smallest sources around what a test is about.</summary>
internal static class Consumer
{
    /// <summary>A class with a runtime, an annotated method with these attributes, and its Core method.</summary>
    public static string Method(string attributes, string returns = "Task<string>", string parameters = "string userId, CancellationToken ct")
        => Class($$"""
            {{attributes}} public partial {{returns}} AskAsync({{parameters}});
            private {{returns}} AskCoreAsync({{parameters}}) => throw new InvalidOperationException();
            """);

    /// <summary>A class with a runtime and these members.</summary>
    public static string Class(string members)
        => $$"""
            public partial class C(ReliableRuntime reliable)
            {
                public ReliableRuntime Runtime => reliable;
            {{members}}
            }
            """;

    /// <summary>An interface with these members.</summary>
    public static string Interface(string members) => $$"""public interface IThing { {{members}} }""";
}
