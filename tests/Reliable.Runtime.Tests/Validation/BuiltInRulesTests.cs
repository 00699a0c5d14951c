using Microsoft.Extensions.AI;

namespace Reliable.Validation;

public sealed class BuiltInRulesTests
{
    [Fact]
    public void Judge_WhenAnswersAreRandom_QuickAndExactAgree()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int n = 0; n < 20_000; n++)
        {
            ChatResponse response = RandomText.CreateResponse(random);
            var criteria = new ResponseCriteria(random.Next(30), random.Next(15), (ResponseRules)random.Next((int)ResponseRules.All + 1));
            ValidationResult quick = BuiltInRules.Judge(response, criteria);
            ValidationResult exact = BuiltInRules.Judge(response, criteria, exact: true);
            if (quick.IsValid != exact.IsValid || (!exact.IsValid && quick != exact))
                Assert.Fail($"Seed {seed}, answer {n}: quickly '{quick}', exactly '{exact}'.");
        }
    }

    [Fact]
    public void Judge_WhenAnswersAreRandom_MeasuresAsTheSlowCount()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int n = 0; n < 5_000; n++)
        {
            ChatResponse response = RandomText.CreateResponse(random);
            int length = BuiltInRules.Judge(response, ResponseCriteria.From(null), exact: true).Metrics.TotalTextLength;
            int expected = response.Messages.Where(static message => message.Role == ChatRole.Assistant).Sum(LengthOf);
            Assert.True(expected == length, $"Seed {seed}, answer {n}: {length} instead of {expected}.");
        }
    }

    [Fact]
    public void Judge_WhenTheTypeIsUnknown_IsValid()
    {
        Assert.Equal(ValidationResult.Valid, BuiltInRules.Judge(new object(), ResponseCriteria.From(null)));
        Assert.Equal(ValidationResult.Valid, BuiltInRules.Judge(new Uri("https://example.com"), ResponseCriteria.From(null)));
    }

    [Fact]
    public void Judge_WhenASingleMessage_JudgesIt()
    {
        Assert.Equal(RejectionReason.InsufficientText, BuiltInRules.Judge(new ChatMessage(ChatRole.Assistant, "short"), ResponseCriteria.From(null)).Reason);
        Assert.Equal(RejectionReason.NoAssistantMessage, BuiltInRules.Judge(new ChatMessage(ChatRole.User, "long enough"), ResponseCriteria.From(null)).Reason);
    }

    [Fact]
    public void From_WhenNothingIsSaid_IsWhatTheOptionsDefaultTo()
        => Assert.Equal(ResponseCriteria.From(new ValidationOptions()), ResponseCriteria.From(null));

    private static int LengthOf(ChatMessage message)
    {
        int length = 0;
        string run = "";
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    run += text.Text;
                    break;
                case TextReasoningContent or UsageContent:
                    break;
                default:
                    length += RandomText.Count(run);
                    run = "";
                    break;
            }
        }

        return length + RandomText.Count(run);
    }
}
