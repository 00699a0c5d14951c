using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace ChatQuota.Model;

/// <summary>Messages and options in the words of the OpenAI client.</summary>
internal static class OpenAIRequest
{
    public static IEnumerable<OpenAI.Chat.ChatMessage> Messages(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            yield return new SystemChatMessage(options.Instructions);
        }

        foreach (ChatMessage message in messages)
        {
            if (message.Role == ChatRole.System)
            {
                yield return new SystemChatMessage(message.Text);
            }
            else if (message.Role == ChatRole.Assistant)
            {
                yield return Assistant(message);
            }
            else if (message.Role == ChatRole.Tool)
            {
                foreach (FunctionResultContent result in message.Contents.OfType<FunctionResultContent>())
                {
                    yield return new ToolChatMessage(result.CallId, ResultText(result));
                }
            }
            else
            {
                yield return User(message);
            }
        }
    }

    public static ChatCompletionOptions Options(ChatOptions? options)
    {
        var result = new ChatCompletionOptions();
        if (options is null)
        {
            return result;
        }

        result.Temperature = options.Temperature;
        result.TopP = options.TopP;
        result.MaxOutputTokenCount = options.MaxOutputTokens;
        result.FrequencyPenalty = options.FrequencyPenalty;
        result.PresencePenalty = options.PresencePenalty;
        result.ResponseFormat = Format(options.ResponseFormat);
        foreach (string stop in options.StopSequences ?? [])
        {
            result.StopSequences.Add(stop);
        }

        foreach (AIFunctionDeclaration tool in (options.Tools ?? []).OfType<AIFunctionDeclaration>())
        {
            result.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        if (result.Tools.Count > 0)
        {
            result.ToolChoice = Choice(options.ToolMode);
            result.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        }

        return result;
    }

    private static UserChatMessage User(ChatMessage message)
    {
        // One text goes as a plain string, as it is: servers that know no content parts understand it too.
        if (message.Contents is [TextContent only])
        {
            return new UserChatMessage(only.Text);
        }

        ChatMessageContentPart[] parts = [.. message.Contents.Select(Part).OfType<ChatMessageContentPart>()];
        return parts.Length == 0 ? new UserChatMessage("") : new UserChatMessage(parts);
    }

    private static ChatMessageContentPart? Part(AIContent content) => content switch
    {
        TextContent text => ChatMessageContentPart.CreateTextPart(text.Text),
        UriContent uri when uri.HasTopLevelMediaType("image") => ChatMessageContentPart.CreateImagePart(uri.Uri),
        DataContent data when data.HasTopLevelMediaType("image") => ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(data.Data), data.MediaType),
        _ => null,
    };

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        ChatToolCall[] calls =
        [
            .. message.Contents.OfType<FunctionCallContent>().Select(static call => ChatToolCall.CreateFunctionToolCall(
                call.CallId, call.Name, BinaryData.FromObjectAsJson(call.Arguments ?? new Dictionary<string, object?>()))),
        ];
        if (calls.Length == 0)
        {
            return new AssistantChatMessage(message.Text);
        }

        var result = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
        {
            result.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        }

        return result;
    }

    private static string ResultText(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } exception ? $"Error: {exception.Message}" : "",
        string text => text,
        { } value => JsonSerializer.Serialize(value),
    };

    private static ChatToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
        AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
        RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
        RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
        _ => null,
    };

    private static ChatResponseFormat? Format(Microsoft.Extensions.AI.ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json => ChatResponseFormat.CreateJsonSchemaFormat(
            json.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription),
        ChatResponseFormatJson => ChatResponseFormat.CreateJsonObjectFormat(),
        ChatResponseFormatText => ChatResponseFormat.CreateTextFormat(),
        _ => null,
    };
}
