using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Reliable.Validation;

namespace Reliable.Streaming;

/// <summary>Judging a stream and judging the answer collected from it come to the same verdict, however the answer is cut into updates.</summary>
public sealed class StreamVerdictTests
{
    [Fact]
    public void Complete_WhenTextIsCutAnywhere_IsTheVerdictOnTheWhole() => Check(20_000, static seeds =>
    {
        var random = new Random(seeds[0]);
        ResponseCriteria criteria = CreateCriteria(random);
        string text = RandomText.Create(random, 12);
        StreamJudge<string> judge = StreamJudge<string>.Begin(criteria, null);
        foreach (string part in Cut(text, random))
            judge.Add(part);

        Same(BuiltInRules.Judge(text, criteria, exact: true), judge.Complete());
    });

    [Fact]
    public void Complete_WhenChatUpdatesAreRandom_IsTheVerdictOnTheResponse() => Check(20_000, static seeds =>
    {
        ResponseCriteria criteria = CreateCriteria(new Random(seeds[0]));
        ChatResponseUpdate[] updates = [.. seeds.Select(CreateUpdate)];
        StreamJudge<ChatResponseUpdate> judge = StreamJudge<ChatResponseUpdate>.Begin(criteria, null);
        foreach (ChatResponseUpdate update in updates)
            judge.Add(update);

        Same(BuiltInRules.Judge(updates.ToChatResponse(), criteria, exact: true), judge.Complete());
    });

    [Fact]
    public void Complete_WhenResponseIsSplitAtRandom_IsTheVerdictOnTheResponse() => Check(20_000, static seeds =>
    {
        ResponseCriteria criteria = CreateCriteria(new Random(seeds[0]));
        var response = new ChatResponse([.. seeds.Select(CreateMessage)]) { FinishReason = CreateUpdate(seeds[0]).FinishReason };
        ChatResponseUpdate[] updates = [.. Split(response, new Random(seeds[^1]))];
        StreamJudge<ChatResponseUpdate> judge = StreamJudge<ChatResponseUpdate>.Begin(criteria, null);
        foreach (ChatResponseUpdate update in updates)
            judge.Add(update);

        Same(BuiltInRules.Judge(response, criteria, exact: true), judge.Complete());
        Same(BuiltInRules.Judge(updates.ToChatResponse(), criteria, exact: true), judge.Complete());
    });

    [Fact]
    public void MayShow_WhenAskedAfterEachUpdate_IsTheVerdictOnWhatWasThere() => Check(5_000, static seeds =>
    {
        ResponseCriteria criteria = CreateCriteria(new Random(seeds[0]));
        StreamJudge<ChatResponseUpdate> judge = StreamJudge<ChatResponseUpdate>.Begin(criteria, null);
        var seen = new List<ChatResponseUpdate>();
        foreach (ChatResponseUpdate update in seeds.Select(CreateUpdate))
        {
            judge.Add(update);
            seen.Add(update);
            ValidationResult verdict = BuiltInRules.Judge(seen.ToChatResponse(), criteria, exact: true);
            Assert.Equal(verdict.IsValid || verdict.Reason == RejectionReason.ContentFilter, judge.MayShow());
        }
    });

    [Fact]
    public void Complete_WhenThereWasNothing_SaysWhatIsMissing()
    {
        var criteria = ResponseCriteria.From(null);

        Assert.Equal(RejectionReason.NoAssistantMessage, StreamJudge<ChatResponseUpdate>.Begin(criteria, null).Complete().Reason);
        Assert.Equal(RejectionReason.EmptyResponse, StreamJudge<string>.Begin(criteria, null).Complete().Reason);
        Assert.True(StreamJudge<int>.Begin(criteria, null).Complete().IsValid);
    }

    // Each number is the seed of one update, so that a failure shrinks to the updates that matter.
    private static void Check(int tests, Action<int[]> property)
    {
        Arbitrary<int[]> seeds = Arb.From(Gen.Choose(0, int.MaxValue).NonEmptyListOf().Select(static list => list.ToArray()), Shorter);
        Prop.ForAll(seeds, property).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
    }

    private static IEnumerable<int[]> Shorter(int[] seeds)
        => seeds.Length == 1 ? [] : Enumerable.Range(0, seeds.Length).Select(left => seeds.Where((_, i) => i != left).ToArray());

    private static void Same(ValidationResult whole, ValidationResult stream)
    {
        Assert.Equal(whole.Reason, stream.Reason);
        Assert.Equal(whole.Message, stream.Message);
        Assert.Equal(whole.Metrics, stream.Metrics);
    }

    private static ResponseCriteria CreateCriteria(Random random)
        => new(random.Next(25), random.Next(12), random.Next(3) == 0 ? (ResponseRules)random.Next((int)ResponseRules.All + 1) : ResponseRules.All);

    // Also within surrogate pairs, and with empty parts.
    private static IEnumerable<string> Cut(string text, Random random)
    {
        int start = 0;
        while (start < text.Length)
        {
            int end = Math.Min(text.Length, start + random.Next(4));
            yield return text[start..end];
            start = end;
        }
    }

    private static ChatMessage CreateMessage(int seed, int index)
    {
        var random = new Random(seed);
        ChatRole role = random.Next(5) switch { 0 => ChatRole.Tool, 1 => ChatRole.User, _ => ChatRole.Assistant };
        return new ChatMessage(role, [.. Contents(random).Where(static content => content is not UsageContent)]) { MessageId = $"m{index}" };
    }

    // As a model streams: texts in pieces, several contents in an update or one, and between them updates without any.
    private static IEnumerable<ChatResponseUpdate> Split(ChatResponse response, Random random)
    {
        foreach (ChatMessage message in response.Messages)
        {
            var update = new ChatResponseUpdate { Role = message.Role, MessageId = message.MessageId };
            foreach (AIContent content in message.Contents.SelectMany(content => Cut(content, random)))
            {
                update.Contents.Add(content);
                if (random.Next(2) == 0)
                    continue;

                yield return update;
                if (random.Next(4) == 0)
                    yield return random.Next(2) == 0 ? new ChatResponseUpdate() : new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails())] };

                update = random.Next(2) == 0 ? new ChatResponseUpdate { Role = message.Role, MessageId = message.MessageId } : new ChatResponseUpdate();
            }

            yield return update;
        }

        yield return new ChatResponseUpdate { FinishReason = response.FinishReason };
    }

    private static IEnumerable<AIContent> Cut(AIContent content, Random random)
        => content is TextContent text ? Cut(text.Text, random).Select(static part => new TextContent(part)) : [content];

    private static ChatResponseUpdate CreateUpdate(int seed)
    {
        var random = new Random(seed);
        return new ChatResponseUpdate
        {
            Contents = random.Next(5) == 0 ? [] : [.. Contents(random)],
            Role = random.Next(8) switch { 0 => ChatRole.Tool, 1 => ChatRole.User, 2 or 3 => ChatRole.Assistant, _ => null },
            MessageId = random.Next(8) switch { 0 => "a", 1 => new string('b', 1), 2 => "", _ => null },
            AuthorName = random.Next(20) switch { 0 => "x", 1 => "y", 2 => "", _ => null },
            FinishReason = random.Next(25) switch { 0 => ChatFinishReason.ContentFilter, 1 => ChatFinishReason.Length, 2 => ChatFinishReason.Stop, _ => null },
        };
    }

    private static IEnumerable<AIContent> Contents(Random random)
    {
        for (int n = random.Next(3); n > 0; n--)
        {
            switch (random.Next(12))
            {
                case 0:
                    yield return new FunctionCallContent("1", "tool");
                    break;
                case 1:
                    yield return new FunctionResultContent("1", "result");
                    break;
                case 2:
                    yield return new TextReasoningContent(RandomText.Create(random, 3));
                    break;
                case 3:
                    yield return new UsageContent(new UsageDetails());
                    break;
                case 4 when random.Next(4) == 0:
                    yield return new DataContent(new byte[] { 1 }, "image/png");
                    break;
                default:
                    foreach (string part in Cut(RandomText.Create(random, 4), random))
                        yield return new TextContent(part);
                    break;
            }
        }
    }
}
