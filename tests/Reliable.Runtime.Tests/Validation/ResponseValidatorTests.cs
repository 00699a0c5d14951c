using Microsoft.Extensions.AI;

namespace Reliable.Validation;

/// <summary>The table of rules, row by row, as applications see it.</summary>
public sealed class ResponseValidatorTests
{
    private const string Enough = "long enough";

    private static readonly AIContent s_call = new FunctionCallContent("1", "look");
    private static readonly AIContent s_output = new FunctionResultContent("1", "found something of interest");
    private static readonly AIContent s_image = new DataContent(new byte[] { 1 }, "image/png");

    [Fact]
    public void Validate_WhenNull_HasNoAssistantMessage()
    {
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate((string?)null));
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate((ChatResponse?)null));
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate((IEnumerable<ChatMessage>?)null));
    }

    [Fact]
    public void Validate_WhenOnlyOthersSpoke_HasNoAssistantMessageWhateverTheRules()
    {
        ChatMessage[] messages = [Message(ChatRole.User, Text(Enough)), Message(ChatRole.System, Text(Enough)), Message(ChatRole.Tool, s_output, Text(Enough))];

        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate(messages));
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate(messages, Only(ResponseRules.None)));
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate(Array.Empty<ChatMessage>()));
    }

    [Fact]
    public void Validate_WhenEmpty_IsEmptyResponse()
    {
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", ResponseValidator.Validate(""));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", Judge());
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", Judge(Text("")));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", Judge(new TextContent(null)));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", Judge(new TextReasoningContent("thinking it over"), new UsageContent(new UsageDetails())));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", Judge(new ErrorContent("it went wrong")));
        AssertRejected(
            RejectionReason.EmptyResponse,
            "Empty response",
            ResponseValidator.Validate([Message(ChatRole.Assistant), Message(ChatRole.User, Text(Enough)), Message(ChatRole.Assistant)]));
    }

    [Fact]
    public void Validate_WhenOneMessageOfSeveralIsEmpty_IsNotAnEmptyResponse()
    {
        ChatMessage[] messages = [Message(ChatRole.Assistant), Message(ChatRole.Assistant, Text(Enough))];

        AssertValid(ResponseValidator.Validate(messages));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\t\r\n\u00A0")]
    [InlineData("\u200B\uFEFF")]
    [InlineData("\0\u0007")]
    [InlineData(" \u200B \u0001\n")]
    public void Validate_WhenNothingIsVisible_IsWhitespaceOnly(string text)
    {
        AssertRejected(RejectionReason.WhitespaceOnly, "Whitespace-only content", ResponseValidator.Validate(text));
        AssertRejected(RejectionReason.WhitespaceOnly, "Whitespace-only content", Judge(Text(text), s_call));
    }

    [Fact]
    public void Validate_WhenOnlyToolCalls_IsToolCallsWithoutText()
    {
        AssertRejected(RejectionReason.ToolCallsWithoutText, "Tool calls without text", Judge(s_call));
        AssertRejected(RejectionReason.ToolCallsWithoutText, "Tool calls without text", Judge(s_call, new TextReasoningContent("thinking"), s_call));
    }

    [Fact]
    public void Validate_WhenToolCallsComeWithText_IsValid()
    {
        AssertValid(Judge(Text(Enough), s_call));
        AssertValid(Judge(s_call, Text(Enough)));
        AssertValid(Judge(s_call, s_image));
    }

    [Fact]
    public void Validate_WhenNoTextFollowsAnOutput_IsToolOutputWithoutText()
    {
        const string Message = "Tool outputs without follow-up text";
        AssertRejected(RejectionReason.ToolOutputWithoutText, Message, Judge(Text(Enough), s_call, s_output));
        AssertRejected(RejectionReason.ToolOutputWithoutText, Message, Judge(s_call, s_output));
        AssertRejected(RejectionReason.ToolOutputWithoutText, Message, Judge(s_output, Text(Enough), s_output));
        AssertRejected(RejectionReason.ToolOutputWithoutText, Message, Judge(Text(Enough), s_output, Text(" \u200B")));
        AssertRejected(RejectionReason.ToolOutputWithoutText, Message, Judge(s_image, s_output));
        AssertRejected(
            RejectionReason.ToolOutputWithoutText,
            Message,
            ResponseValidator.Validate(
                [ResponseValidatorTests.Message(ChatRole.Assistant, Text(Enough), s_call), ResponseValidatorTests.Message(ChatRole.Tool, s_output, Text(Enough))]));
    }

    [Fact]
    public void Validate_WhenTextOrAFileFollowsTheLastOutput_IsValid()
    {
        AssertValid(Judge(s_call, s_output, Text(Enough)));
        AssertValid(Judge(s_output, Text(Enough), s_call));
        AssertValid(Judge(Text(Enough), s_output, Text("x")));
        AssertValid(Judge(s_output, s_image));
        AssertValid(ResponseValidator.Validate(
            [Message(ChatRole.Assistant, s_call), Message(ChatRole.Tool, s_output), Message(ChatRole.Assistant, Text(Enough))]));
    }

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(1, "", false)]
    [InlineData(1, "x", true)]
    [InlineData(5, "four", false)]
    [InlineData(5, "fives", true)]
    [InlineData(5, "  four\u200B ", false)]
    public void Validate_WhenAroundMinFollowUpLength_IsValidFromItOn(int minimum, string followUp, bool isValid)
    {
        ValidationResult verdict = ResponseValidator.Validate(Answer(Text(Enough), s_output, Text(followUp)), new ValidationOptions { MinFollowUpLength = minimum });

        Assert.Equal(isValid ? RejectionReason.None : RejectionReason.ToolOutputWithoutText, verdict.Reason);
    }

    [Theory]
    [InlineData("123456789", false, 9)]
    [InlineData("1234567890", true, 10)]
    [InlineData("  1234 6789\n", false, 9)]
    [InlineData("  1234 67890\n", true, 10)]
    [InlineData("12345\u200B6789", false, 9)]
    [InlineData("👀👀👀👀👀", true, 10)]
    [InlineData("👀👀👀👀", false, 8)]
    [InlineData("if(a){b();", true, 10)]
    public void Validate_WhenAroundMinLength_IsValidFromItOn(string text, bool isValid, int length)
    {
        foreach (ValidationResult verdict in new[] { ResponseValidator.Validate(text), Judge(Text(text)) })
        {
            Assert.Equal(isValid ? RejectionReason.None : RejectionReason.InsufficientText, verdict.Reason);
            Assert.Equal(isValid ? "" : $"Insufficient text ({length} chars)", verdict.Message);
            Assert.Equal(length, verdict.Metrics.TotalTextLength);
        }
    }

    [Fact]
    public void Validate_WhenSeveralMessages_CountsThemTogether()
    {
        AssertValid(ResponseValidator.Validate([Message(ChatRole.Assistant, Text("12345 ")), Message(ChatRole.User, Text("and?")), Message(ChatRole.Assistant, Text(" 67890"))]));
        AssertRejected(
            RejectionReason.InsufficientText,
            "Insufficient text (9 chars)",
            ResponseValidator.Validate([Message(ChatRole.Assistant, Text("12345  ")), Message(ChatRole.Assistant, Text("  6789"))]));
    }

    [Fact]
    public void Validate_WhenTextPartsAreAdjacent_JoinsThem()
    {
        Assert.Equal(11, Judge(Text("12345 "), Text("67890")).Metrics.TotalTextLength);
        Assert.Equal(11, Judge(Text("12345 "), new TextReasoningContent("hm"), new UsageContent(new UsageDetails()), Text("67890")).Metrics.TotalTextLength);
        Assert.Equal(10, Judge(Text("12345 "), s_call, Text("67890")).Metrics.TotalTextLength);
        Assert.Equal(10, Judge(Text("12345 "), s_image, Text(" 67890")).Metrics.TotalTextLength);
        Assert.Equal(2, Judge(Text("\uD83D"), Text("\uDC40")).Metrics.TotalTextLength);
    }

    [Fact]
    public void Validate_WhenThereIsAFile_NeedsNoText()
    {
        AIContent[] files = [s_image, new UriContent("https://example.com/a.png", "image/png"), new HostedFileContent("file-1"), new ImageGenerationToolResultContent("img-1")];

        Assert.All(files, file => AssertValid(Judge(file)));
        Assert.All(files, file => AssertValid(Judge(Text(" "), file)));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", ResponseValidator.Validate([Message(ChatRole.User, s_image), Message(ChatRole.Assistant)]));
    }

    [Fact]
    public void Validate_WhenTheContentFilterEndedIt_IsContentFilterBeforeAnythingElse()
    {
        foreach (AIContent[] contents in new AIContent[][] { [], [Text(Enough)], [s_call] })
        {
            ChatResponse response = Answer(contents);
            response.FinishReason = ChatFinishReason.ContentFilter;
            AssertRejected(RejectionReason.ContentFilter, "Content filter", ResponseValidator.Validate(response));
            AssertRejected(RejectionReason.ContentFilter, "Content filter", ResponseValidator.Validate(response, Only(ResponseRules.None)));
        }
    }

    [Fact]
    public void Validate_WhenARuleIsOff_TheNextOneDecides()
    {
        AssertRejected(RejectionReason.InsufficientText, "Insufficient text (0 chars)", ResponseValidator.Validate("", Without(ResponseRules.NotEmpty)));
        AssertRejected(RejectionReason.InsufficientText, "Insufficient text (0 chars)", ResponseValidator.Validate(" ", Without(ResponseRules.NotWhitespace)));
        AssertRejected(RejectionReason.InsufficientText, "Insufficient text (0 chars)", ResponseValidator.Validate(Answer(s_call), Without(ResponseRules.NoToolCallsOnly)));
        AssertRejected(RejectionReason.InsufficientText, "Insufficient text (0 chars)", ResponseValidator.Validate(Answer(s_output), Without(ResponseRules.ToolOutputsExplained)));
        AssertRejected(RejectionReason.ToolCallsWithoutText, "Tool calls without text", ResponseValidator.Validate(Answer(Text(" "), s_call), Without(ResponseRules.NotWhitespace)));
        AssertValid(ResponseValidator.Validate("x", Without(ResponseRules.MinText)));
        AssertRejected(RejectionReason.EmptyResponse, "Empty response", ResponseValidator.Validate("", Without(ResponseRules.MinText)));
    }

    [Theory]
    [InlineData(ResponseRules.NotEmpty, RejectionReason.EmptyResponse, "")]
    [InlineData(ResponseRules.NotWhitespace, RejectionReason.WhitespaceOnly, " ")]
    [InlineData(ResponseRules.MinText, RejectionReason.InsufficientText, "x")]
    public void Validate_WhenOneRuleIsOn_ItAloneDecides(ResponseRules rule, RejectionReason reason, string text)
    {
        Assert.Equal(reason, ResponseValidator.Validate(text, Only(rule)).Reason);
        AssertValid(ResponseValidator.Validate(text, Only(ResponseRules.None)));
    }

    [Fact]
    public void Validate_WhenMinLengthIsZero_TakesAnyText()
        => AssertValid(ResponseValidator.Validate("x", new ValidationOptions { MinLength = 0 }));

    [Fact]
    public void Validate_WhenRejectedOrValid_CountsExactly()
    {
        ChatMessage[] messages =
        [
            Message(ChatRole.Assistant, Text(" one "), s_call),
            Message(ChatRole.Assistant, s_call, s_call),
            Message(ChatRole.User, Text("not counted"), s_image),
            Message(ChatRole.Assistant),
            Message(ChatRole.Tool, s_output),
            Message(ChatRole.Assistant, new TextReasoningContent("hm")),
            Message(ChatRole.Assistant, s_call, Text(" ")),
        ];

        Assert.Equal(new ResponseMetrics(5, 3, HasToolOutputs: true, EmptyMessages: 2, ToolCallsWithoutText: 2), ResponseValidator.Validate(messages).Metrics);
        Assert.Equal(new ResponseMetrics(1, 11, HasToolOutputs: false, EmptyMessages: 0, ToolCallsWithoutText: 0), ResponseValidator.Validate(Enough).Metrics);
        Assert.Equal(default, ResponseValidator.Validate((string?)null).Metrics);
    }

    [Fact]
    public void Validate_WhenMessagesComeLazily_EnumeratesThemOnce()
    {
        int enumerations = 0;
        IEnumerable<ChatMessage> Messages()
        {
            enumerations++;
            yield return Message(ChatRole.Assistant, Text("short"));
        }

        AssertRejected(RejectionReason.InsufficientText, "Insufficient text (5 chars)", ResponseValidator.Validate(Messages()));
        Assert.Equal(1, enumerations);
    }

    [Fact]
    public void Validate_WhenThereAreHolesInTheAnswer_IgnoresThem()
    {
        AssertValid(Judge(null!, Text("long "), null!, Text("enough")));
        AssertValid(ResponseValidator.Validate([null!, Message(ChatRole.Assistant, Text(Enough)), null!]));
        AssertRejected(RejectionReason.NoAssistantMessage, "No assistant messages in response", ResponseValidator.Validate([null!]));
    }

    private static ChatMessage Message(ChatRole role, params AIContent[] contents) => new(role, [.. contents]);

    private static TextContent Text(string text) => new(text);

    private static ChatResponse Answer(params AIContent[] contents) => new(Message(ChatRole.Assistant, contents));

    private static ValidationResult Judge(params AIContent[] contents) => ResponseValidator.Validate(Answer(contents));

    private static ValidationOptions Only(ResponseRules rules) => new() { Rules = rules };

    private static ValidationOptions Without(ResponseRules rule) => Only(ResponseRules.All & ~rule);

    private static void AssertValid(ValidationResult verdict) => Assert.Equal("Valid", verdict.ToString());

    private static void AssertRejected(RejectionReason reason, string message, ValidationResult verdict)
    {
        Assert.Equal((reason, message), (verdict.Reason, verdict.Message));
        Assert.False(verdict.IsValid);
    }
}
