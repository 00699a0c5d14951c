namespace Reliable.Generator.Tests.Shapes;

/// <summary>Methods without an answer, streams, and typed answers, each of which must compile as it is.</summary>
internal static class AnswerShapes
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["no answer"] = """
            public partial class C(ReliableRuntime reliable)
            {
                [Retry(Fallback = nameof(LaterAsync)), UsageTransaction] public partial Task SendAsync(string userId, CancellationToken ct);
                private Task SendCoreAsync(string userId) => Task.CompletedTask;
                private static Task LaterAsync(string userId, AttemptContext attempt, CancellationToken ct) => Task.CompletedTask;
                [Retry] public partial ValueTask SaveAsync<T>(in T value, CancellationToken ct);
                private async ValueTask SaveCoreAsync<T>(T value) => await Task.Yield();
                [Retry] public static partial Task PingAsync(ReliableRuntime reliable);
                private static Task PingCoreAsync() => Task.CompletedTask;
            }
            public interface IThing { [Retry] Task SendAsync(string q, CancellationToken ct); [UsageTransaction] ValueTask SaveAsync(string userId, AttemptContext attempt, CancellationToken ct); }
            """,
        ["streams"] = """
            using System.Runtime.CompilerServices;
            public partial class C(ReliableRuntime reliable)
            {
                [Retry(Fallback = nameof(SimplyAsync)), ValidateResponse, UsageTransaction]
                public partial IAsyncEnumerable<ChatResponseUpdate> AskAsync(string userId, string chatId, string question, CancellationToken cancellationToken = default);
                private async IAsyncEnumerable<ChatResponseUpdate> AskCoreAsync(string userId, string chatId, string question, AttemptContext attempt, [EnumeratorCancellation] CancellationToken cancellationToken)
                {
                    await Task.Delay(1, cancellationToken);
                    yield return new ChatResponseUpdate(ChatRole.Assistant, question);
                }

                private async IAsyncEnumerable<ChatResponseUpdate> SimplyAsync(string userId, string chatId, string question)
                {
                    await Task.Yield();
                    yield break;
                }

                [Retry] public partial IAsyncEnumerable<T> AllAsync<T>(T[] all, CancellationToken ct);
                private IAsyncEnumerable<T> AllCoreAsync<T>(T[] all, CancellationToken ct) => throw new InvalidOperationException();
                [ValidateResponse] public static partial IAsyncEnumerable<string> WordsAsync(ReliableRuntime reliable, CancellationToken ct);
                private static IAsyncEnumerable<string> WordsCoreAsync() => throw new InvalidOperationException();
            }
            public interface IThing
            {
                [Retry, ValidateResponse] IAsyncEnumerable<string> AskAsync(string q, CancellationToken ct = default);
                [Retry] IAsyncEnumerable<(int a, string? b)> PairsAsync(CancellationToken ct);
            }
            """,
        ["typed answers"] = """
            namespace N
            {
                using System.ComponentModel.DataAnnotations;
                using Req = System.ComponentModel.DataAnnotations.RequiredAttribute;
                public static class Limits { public const int Max = 5; public const string Pattern = "\"\\n{0}"; }
                public enum Mood { Good, Bad }
                public class Plan<T> where T : notnull
                {
                    public required string Title { get; set; }
                    public required T Value { get; init; }
                    public required int Count;
                    [Req(AllowEmptyStrings = true, ErrorMessage = "say \"{0}\"\n")] public string? Note { get; set; }
                    [StringLength(Limits.Max, MinimumLength = 1)] public string @class { get; set; } = "";
                    [Range(double.NegativeInfinity, double.MaxValue)] public double Weight { get; set; }
                    [Range(int.MinValue, -1)] public int Negative { get; set; }
                    [Range(typeof(DateTime), "2020-01-01", "2030-01-01")] public DateTime When { get; set; }
                    [Range(typeof(DateOnly), "2020-01-01", "2030-01-01")] public DateOnly? Day { get; set; }
                    [RegularExpression(Limits.Pattern)] public string? Pattern { get; set; }
                    [AllowedValues(1, "a", null, 'c', 2.5, Mood.Bad, (byte)3, typeof(int))] public object? Any { get; set; }
                    [DeniedValues(Mood.Bad)] [EnumDataType(typeof(Mood))] public Mood Mood { get; set; }
                    [Length(1, 3)] public T[]? Items { get; set; }
                    [MinLength(1)] public IReadOnlyList<Plan<T>>? Plans { get; set; }
                    [MaxLength(3)] public System.Collections.Immutable.ImmutableArray<Plan<T>> More { get; set; }
                    [Mine(typeof(List<>), Names = new[] { "a", null }, Mood = Mood.Bad)] public string? Mine { get; set; }
                    public string this[int index] => "";
                    public static string? Static { get; set; }
                    public int WriteOnly { set { } }
                    public ReadOnlySpan<char> Span => default;
                    public Type? Type { get; set; }
                    public Exception? Error { get; set; }
                    public dynamic? Dynamic { get; set; }
                    public (Step First, Step? Second, int Third) Pair { get; set; }
                    [Obsolete] public Step? Old { get; set; }
                    [Obsolete("gone", true)] public Step? Gone { get; set; }
                    private Hidden? Secret { get; set; }
                    protected internal Step? Half { get; private set; }
                    private class Hidden { [Req] public string? A { get; set; } }
                }
                public record struct Step(string Text, [Range(1, 2)] int Minutes, Plan<string>? Parent = null);
                [AttributeUsage(AttributeTargets.All)]
                public sealed class MineAttribute(Type type) : ValidationAttribute { public Type Type => type; public string?[]? Names { get; set; } public Mood Mood { get; set; } public override bool IsValid(object? value) => true; }
                public partial class C<T>(ReliableRuntime reliable) where T : notnull
                {
                    [ValidateResponse] public partial Task<Plan<T>> AskAsync(CancellationToken ct);
                    private Task<Plan<T>> AskCoreAsync() => throw new InvalidOperationException();
                    [ValidateResponse] public partial Task<Plan<T>> AskAsync(int overload, CancellationToken ct);
                    private Task<Plan<T>> AskCoreAsync(int overload) => throw new InvalidOperationException();
                    [ValidateResponse] public partial ValueTask<Step?[]> StepsAsync(CancellationToken ct);
                    private ValueTask<Step?[]> StepsCoreAsync() => throw new InvalidOperationException();
                    [ValidateResponse] private partial Task<Own> OwnAsync(CancellationToken ct);
                    private Task<Own> OwnCoreAsync() => throw new InvalidOperationException();
                    private string AskAsyncRules() => "";
                    private string AskAsyncRules2() => "";
                    private sealed record Own(string Name, int Age);
                }
                public interface IPlanner { [ValidateResponse, Retry] Task<Plan<int>> PlanAsync(CancellationToken ct); [ValidateResponse] Task<Step> StepAsync(CancellationToken ct); [ValidateResponse] Task<Step> StepAsync(int a, CancellationToken ct); }
            }
            """,
        ["typed answers that contain each other"] = """
            public record Node(string Name, List<Node> Children, Edge? Edge);
            public record Edge(Node From, Node To, Dictionary<string, Edge[]> All);
            public partial class C(ReliableRuntime reliable)
            {
                [ValidateResponse, Retry] public partial Task<IReadOnlyDictionary<string, List<Node>>> AskAsync(CancellationToken ct);
                private Task<IReadOnlyDictionary<string, List<Node>>> AskCoreAsync() => throw new InvalidOperationException();
            }
            """,
        ["typed answers with names of ours"] = """
            public record @event(string value, string check, string @int, Check Check, CheckCheck CheckCheck);
            public record Check(string Check1);
            public record CheckCheck(string Text);
            public partial class C(ReliableRuntime reliable)
            {
                [ValidateResponse] public partial Task<@event> @await(CancellationToken ct);
                private Task<@event> awaitCore() => throw new InvalidOperationException();
            }
            """,
    };
}
