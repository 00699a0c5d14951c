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
    public void AcceptsAtSight_WhenTextsAreRandom_AcceptsOnlyGoodOnes()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int accepted = 0;
        for (int n = 0; n < 20_000; n++)
        {
            string text = random.Next(2) == 0 ? RandomText.Create(random, 8) : "  Turn it off and   on again. "[random.Next(4)..random.Next(5, 30)];
            var criteria = new ResponseCriteria(random.Next(20), random.Next(15), (ResponseRules)random.Next((int)ResponseRules.All + 1));
            var response = new ChatResponse(new ChatMessage(random.Next(5) == 0 ? ChatRole.User : ChatRole.Assistant, text));
            foreach (object answer in new object[] { text, response })
            {
                bool isAccepted = BuiltInRules.AcceptsAtSight(answer, criteria);
                Assert.False(isAccepted && !BuiltInRules.Judge(answer, criteria, exact: true).IsValid, $"Seed {seed}, answer {n}: '{text}' was accepted.");
                accepted += isAccepted ? 1 : 0;
            }
        }

        Assert.InRange(accepted, 1_000, 40_000);
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
