namespace Reliable.Generator.Tests.Contract;

/// <summary>The code that the contract promises to compile, word for word, with what its readers fill in.</summary>
internal static class ContractSources
{
    public const string SupportAssistant = """
        using Microsoft.Extensions.AI;
        using Reliable;

        public sealed partial class SupportAssistant(IChatClient chat, ReliableRuntime reliable)
        {
            [Retry(MaxRetries = 3, BackoffMs = [1000, 2000, 4000], Fallback = nameof(AskSimplyAsync))]
            [ValidateResponse(MinLength = 10)]
            [UsageTransaction(Counter = "requests")]
            public partial Task<ChatResponse> AskAsync(
                string userId, string question, CancellationToken cancellationToken = default);

            // the model call itself: same name with Core, same parameters, and an AttemptContext if it wants one
            private Task<ChatResponse> AskCoreAsync(
                string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
                => chat.GetResponseAsync(question, FullTools, cancellationToken);

            // the last resort: same parameters as Core
            private Task<ChatResponse> AskSimplyAsync(
                string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
                => chat.GetResponseAsync([new(ChatRole.System, attempt.Guidance), new(ChatRole.User, question)], EssentialTools, cancellationToken);
        }

        partial class SupportAssistant
        {
            private static readonly ChatOptions FullTools = new();
            private static readonly ChatOptions EssentialTools = new();
        }
        """;

    public const string Summarizer = """
        using Reliable;

        public interface ISummarizer
        {
            [Retry, ValidateResponse, UsageTransaction]
            Task<string> SummarizeAsync(string userId, string text, CancellationToken cancellationToken = default);
            string Name { get; }                                      // not annotated: forwarded as it is
        }

        public sealed class OpenAISummarizer : ISummarizer
        {
            public Task<string> SummarizeAsync(string userId, string text, CancellationToken cancellationToken = default)
                => Task.FromResult("Summary of " + text);

            public string Name => "OpenAI";
        }

        public static class Startup
        {
            public static ReliableBuilder Configure(ReliableBuilder builder) => builder.AddSummarizer<OpenAISummarizer>();
        }
        """;
}
