using Reliable.Generator.Tests.Contract;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Emission;

/// <summary>Whole files, small enough to be read in review.</summary>
public sealed class SnapshotTests
{
    private static readonly Dictionary<string, string> s_sources = new()
    {
        ["SupportAssistant"] = ContractSources.SupportAssistant,
        ["Summarizer"] = ContractSources.Summarizer,
        ["RetryAlone"] = Consumer.Method("[Retry]"),
        ["ValidateResponseAlone"] = Consumer.Method("[ValidateResponse(Rules = ResponseRules.MinText | ResponseRules.NotEmpty)]"),
        ["UsageTransactionAlone"] = Consumer.Method("[UsageTransaction(Amount = 2)]", parameters: "Guid userId, CancellationToken ct"),
        ["Validator"] = Consumer.Method("[ValidateResponse(Validator = typeof(Even))]", "ValueTask<int>", "CancellationToken ct") + """
            public sealed class Even : IResponseValidator<int> { public ValidationResult Validate(int response) => ValidationResult.Valid; }
            """,
        ["NestedGeneric"] = """
            namespace Shop.Assistants;

            internal partial record Outer<T>(ReliableRuntime Reliable)
                where T : class
            {
                protected partial struct Inner(ReliableRuntime reliable)
                {
                    [Retry] public readonly partial Task<T?> FindAsync<TKey>(in TKey key, CancellationToken ct, params string[] tags) where TKey : struct, IEquatable<TKey>;
                    private readonly Task<T?> FindCoreAsync<TKey>(TKey key, string[] tags) where TKey : struct => Task.FromResult<T?>(null);
                }
            }
            """,
        ["Static"] = """
            public static partial class Assistant
            {
                /// <summary>Asks.</summary>
                [Retry(Fallback = nameof(AskSimplyAsync))] public static partial Task<string> AskAsync(ReliableRuntime reliable, string question, CancellationToken ct);
                private static Task<string> AskCoreAsync(string question, CancellationToken ct) => Task.FromResult(question);
                private static Task<string> AskSimplyAsync(ReliableRuntime reliable, string question) => Task.FromResult(question);
            }
            """,
        ["Progress"] = """
            public partial class Assistant
            {
                private readonly ReliableRuntime _reliable = null!;
                [Retry] public partial Task<string> AskAsync(string chatId, string modelId, IProgress<RetryStatus>? progress, CancellationToken ct);
                private Task<string> AskCoreAsync(string chatId, string modelId, IProgress<RetryStatus>? progress, AttemptContext attempt) => Task.FromResult("");
            }
            """,
        ["OnlyTheObject"] = """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> PollAsync(CancellationToken ct);
                private Task<string> PollCoreAsync(AttemptContext attempt) => Task.FromResult("");
            }
            """,
        ["CoreMissing"] = """
            public partial class Assistant(ReliableRuntime reliable)
            {
                [Retry] public partial Task<string> AskAsync(CancellationToken ct);
            }
            """,
        ["Forwarding"] = """
            namespace Shop;

            internal interface IStock<T> : IDisposable
            {
                [Retry] Task<string> AskAsync(T item, AttemptContext attempt, CancellationToken ct);
                int Count { get; set; }
                T this[int index] { get; }
                event Action? Changed;
                bool TryFind<TKey>(TKey key, out T? item) where TKey : notnull;
            }
            """,
    };

    public static TheoryData<string> Names => [.. s_sources.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Emit_WhenGenerated_MatchesTheReviewedFile(string name)
        => Snapshot.Matches("Emission/Snapshots", name, GeneratorHarness.Run(s_sources[name]).Source);
}
