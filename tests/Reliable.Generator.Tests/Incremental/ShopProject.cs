using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Incremental;

/// <summary>A project in which the meaning of an annotated method depends on other files in every way there is.</summary>
internal static class ShopProject
{
    public const string Usings = "Usings.cs";
    public const string Assistant = "Assistant.cs";
    public const string Core = "Assistant.Core.cs";
    public const string Base = "AssistantBase.cs";
    public const string Answers = "Answers.cs";
    public const string Limits = "Limits.cs";
    public const string Rules = "Rules.cs";
    public const string Things = "Things.cs";
    public const string Other = "Other.cs";

    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        [Usings] = GeneratorHarness.Usings + "\nglobal using static Shop.Common.Shared;\n[assembly: CLSCompliant(Shop.Common.Compliance.IsPromised)]\n",
        [Assistant] = """
            using Shop.Answers;
            using Known = Shop.Common.Limits;
            namespace Shop.Assistants
            {
                public sealed partial class Assistant : AssistantBase
                {
                    [Retry(MaxRetries = Known.Retries, BackoffMs = [Pause, 20], Fallback = nameof(SimplyAsync))]
                    [ValidateResponse(Validator = typeof(Politeness), MinLength = (int)Level.High)]
                    [UsageTransaction(Counter = Prefix + "requests")]
                    public partial Task<string> AskAsync(Key userId, string question, CancellationToken ct);

                    [ValidateResponse]
                    public partial ValueTask<Order> OrderAsync(List<Item> items, CancellationToken ct);

                    [Retry]
                    public partial IAsyncEnumerable<string> TellAsync<T>(T about, CancellationToken ct) where T : ITopic;

                    // Its Core method takes no null: an error, and its place is in the other file.
                    [Retry]
                    public partial Task SayAsync(string? text, CancellationToken ct);
                }
            }
            """,
        [Core] = """
            namespace Shop.Assistants;

            partial class Assistant
            {
                private Task<string> AskCoreAsync(Key userId, string question, AttemptContext attempt) => Task.FromResult(question + 1);
                private Task<string> SimplyAsync(Key userId, string question) => Task.FromResult(question);
                private ValueTask<Shop.Answers.Order> OrderCoreAsync(List<Shop.Answers.Item> items) => new(new Shop.Answers.Order { Text = "" });
                private Task SayCoreAsync(string text) => Task.CompletedTask;
                private IAsyncEnumerable<string> TellCoreAsync<T>(T about) where T : ITopic => throw new NotSupportedException();
            }
            """,
        [Base] = """
            namespace Shop.Assistants;

            public abstract class AssistantBase : Root
            {
                protected const string Prefix = "shop-";
                protected virtual string Name => "base";
            }

            public abstract class Root
            {
                protected ReliableRuntime Runtime { get; } = null!;
                protected const int Pause = 10;
            }

            public interface ITopic { string Title { get; } }
            """,
        [Answers] = """
            using System.ComponentModel.DataAnnotations;

            namespace Shop.Answers;

            public class Order : Document { public required string Text { get; set; } public Item? First { get; set; } }
            public class Document { [Positive] public int Number { get; set; } public Address Address { get; set; } = new(); }
            public record Item(string Name, [property: Range(1, Shop.Common.Limits.Most)] int Amount);
            public record Address { [Required, StringLength(40)] public string City { get; init; } = ""; }
            public sealed class PositiveAttribute : ValidationAttribute { public override bool IsValid(object? value) => value is int and > 0; }
            """,
        [Limits] = """
            namespace Shop.Common;

            public static class Limits { public const int Retries = Few + 1; public const int Most = 9; private const int Few = 1; public static int Field = 1; }
            public enum Level { Low = 1, High = 5 }
            public static class Shared { public const int Shortest = 3; }
            public static class Compliance { public const bool IsPromised = true; }
            """,
        [Rules] = """
            namespace Shop.Assistants;
            using Shop.Common;

            public readonly record struct Key(string Value) { public override string ToString() => Value; }
            public enum Level { Low = Shop.Common.Level.Low, High = 7 }
            public sealed class Politeness : IResponseValidator<string>
            {
                public Politeness() { }
                public ValidationResult Validate(string response) => ValidationResult.Valid;
            }
            """,
        [Things] = """
            namespace Shop.Things;

            public interface IThing : INamed
            {
                [Retry(MaxRetries = 2), ValidateResponse(MinLength = Shortest)]
                Task<string> DescribeAsync(Kind kind, CancellationToken ct);
                Kind Kind { get; }
            }
            public interface INamed { [Retry] Task<string> NameAsync(CancellationToken ct); string Name { get; set; } }
            public sealed class Kind { public int Value; }
            """,
        [Other] = """
            namespace Shop.Other;

            public class Unrelated { public int Count { get; set; } }
            public class Lonely { [Retry] public Task<string> NotPartialAsync(CancellationToken ct) => null!; }
            public partial class Separate(ReliableRuntime reliable)
            {
                [Retry] public partial Task<int> CountAsync(CancellationToken ct);
                private Task<int> CountCoreAsync() { int value = 1; return Task.FromResult(value); }
            }
            """,
    };
}
