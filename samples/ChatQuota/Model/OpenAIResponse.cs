using System.ClientModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace ChatQuota.Model;

/// <summary>A completion in the words of <see cref="IChatClient"/>.</summary>
internal static class OpenAIResponse
{
    public static ChatResponse From(ClientResult<ChatCompletion> result)
    {
        ChatCompletion completion = result.Value;
        var response = new ChatResponse
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = completion.CreatedAt,
            Usage = Usage(completion.Usage),
            RawRepresentation = completion,
        };

        // Without a choice every property of the message throws; to Reliable it is an answer without an assistant message.
        if (HasChoice(result.GetRawResponse().Content))
        {
            response.Messages.Add(Message(completion));
            response.FinishReason = FinishReason(completion.FinishReason);
        }

        return response;
    }

    public static Microsoft.Extensions.AI.ChatFinishReason? FinishReason(ChatFinishReason? reason) => reason switch
    {
        ChatFinishReason.Stop => Microsoft.Extensions.AI.ChatFinishReason.Stop,
        ChatFinishReason.Length => Microsoft.Extensions.AI.ChatFinishReason.Length,
        ChatFinishReason.ContentFilter => Microsoft.Extensions.AI.ChatFinishReason.ContentFilter,
        ChatFinishReason.ToolCalls or ChatFinishReason.FunctionCall => Microsoft.Extensions.AI.ChatFinishReason.ToolCalls,
        _ => null,
    };

    public static void AddParts(IList<AIContent> contents, ChatMessageContent parts)
    {
        foreach (ChatMessageContentPart part in parts)
        {
            if (part.Kind == ChatMessageContentPartKind.Refusal)
            {
                AddRefusal(contents, part.Refusal);
            }
            else if (part.Kind == ChatMessageContentPartKind.Text && part.Text is not null)
            {
                contents.Add(new TextContent(part.Text));
            }
        }
    }

    public static void AddRefusal(IList<AIContent> contents, string? refusal)
    {
        if (!string.IsNullOrEmpty(refusal))
        {
            contents.Add(new ErrorContent(refusal) { ErrorCode = "refusal" });
        }
    }

    public static FunctionCallContent ToolCall(string? id, string? name, string arguments)
        => FunctionCallContent.CreateFromParsedArguments(arguments, id ?? "", name ?? "", Parse);

    public static UsageDetails? Usage(ChatTokenUsage? usage) => usage is null
        ? null
        : new UsageDetails
        {
            InputTokenCount = usage.InputTokenCount,
            OutputTokenCount = usage.OutputTokenCount,
            TotalTokenCount = usage.TotalTokenCount,
            CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
            ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
        };

    private static ChatMessage Message(ChatCompletion completion)
    {
        var message = new ChatMessage { Role = ChatRole.Assistant, MessageId = completion.Id, RawRepresentation = completion };
        AddParts(message.Contents, completion.Content);
        AddRefusal(message.Contents, completion.Refusal);
        foreach (ChatToolCall call in completion.ToolCalls)
        {
            message.Contents.Add(ToolCall(call.Id, call.FunctionName, call.FunctionArguments.ToString()));
        }

        return message;
    }

    private static IDictionary<string, object?>? Parse(string arguments)
        => string.IsNullOrWhiteSpace(arguments) ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments);

    private static bool HasChoice(BinaryData content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.TryGetProperty("choices", out JsonElement choices) && choices.GetArrayLength() > 0;
    }
}
