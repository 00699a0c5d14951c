using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Reliable.Validation;

namespace Reliable.Benchmarks.Validation;

/// <summary>The verdict on the answer of a chat client, with tools and in parts.</summary>
[MemoryDiagnoser]
public class ChatValidationBenchmarks
{
    private const string Text = "Turn it off and on again. ";

    private readonly ResponseCriteria _criteria = ResponseCriteria.From(null);
    private ChatResponse _response = null!;

    [ParamsAllValues]
    public ChatAnswer Answer { get; set; }

    [GlobalSetup]
    public void SetUp() => _response = new ChatResponse(Answer switch
    {
        ChatAnswer.OneText => [Assistant(new TextContent(string.Concat(Enumerable.Repeat(Text, 40))))],
        ChatAnswer.ToolCalls =>
        [
            Assistant([.. Enumerable.Range(0, 4).Select(static i => new FunctionCallContent($"call{i}", "search"))]),
            new ChatMessage(ChatRole.Tool, [.. Enumerable.Range(0, 4).Select(static i => new FunctionResultContent($"call{i}", "found"))]),
            Assistant(new TextContent(string.Concat(Enumerable.Repeat(Text, 40)))),
        ],
        ChatAnswer.ManyParts => [Assistant([.. Enumerable.Range(0, 1_000).Select(static i => new TextContent(Text.Substring(i % 5 * 5, 4)))])],
        _ => [Assistant([.. Enumerable.Range(0, 1_000).Select(static _ => new TextContent(" \n\u200B "))])],
    });

    [Benchmark(Description = "verdict, as calls ask for it")]
    public bool Verdict() => BuiltInRules.Judge(_response, _criteria).IsValid;

    [Benchmark(Description = "verdict with metrics")]
    public bool VerdictWithMetrics() => ResponseValidator.Validate(_response).IsValid;

    [Benchmark(Baseline = true, Description = "Text.Trim() and a look for tools: not the same rules")]
    public bool Obvious()
    {
        bool hasTools = _response.Messages.Any(static m => m.Contents.Any(static c => c is FunctionCallContent));
        string text = _response.Text.Trim();
        return text.Length >= 10 && (!hasTools || !string.IsNullOrWhiteSpace(_response.Messages[^1].Text));
    }

    private static ChatMessage Assistant(params IList<AIContent> contents) => new(ChatRole.Assistant, contents);
}
