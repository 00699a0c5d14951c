using Microsoft.CodeAnalysis.CSharp;

namespace Reliable.Generator.Tests.Shapes.Collection;

/// <summary>One declaration that somebody could write, and what comes of it.</summary>
/// <param name="Source">The source, which has the usual usings as its own.</param>
/// <param name="Reported">The diagnostics of ours, by id, that are warnings or errors; empty when it compiles without any.</param>
/// <param name="Answer">What <c>Script.RunAsync</c> answers, when the source has one.</param>
/// <param name="Language">The oldest language it can be written in.</param>
/// <param name="IsWrong">Whether the compiler refuses the source itself; generated code must not add to that.</param>
internal sealed record Shape(string Source, string Reported = "", string? Answer = null, LanguageVersion Language = LanguageVersion.CSharp12, bool IsWrong = false)
{
    /// <summary>An annotated method and its Core method in a class <c>C</c>.</summary>
    public static Shape Ask(
        string parameters,
        string typeParameters = "",
        string constraints = "",
        string returns = "Task<string>",
        string attributes = "[Retry]",
        string reported = "",
        LanguageVersion language = LanguageVersion.CSharp12) => new(
            Class(Method(parameters, typeParameters, constraints, returns, attributes)), reported, Language: language);

    /// <summary>An annotated method and its Core method.</summary>
    public static string Method(
        string parameters, string typeParameters = "", string constraints = "", string returns = "Task<string>", string attributes = "[Retry]") => $"""
            {attributes} public partial {returns} AskAsync{typeParameters}({parameters}){constraints};
                private {returns} AskCoreAsync{typeParameters}({parameters}){constraints} => throw new InvalidOperationException();
            """;

    /// <summary>A class with a runtime and these members.</summary>
    public static string Class(string members, string before = "") => $$"""
        {{before}}
        public partial class C(ReliableRuntime reliable)
        {
            public ReliableRuntime Runtime => reliable;
            {{members}}
        }
        """;
}
