using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace ChatQuota.Model;

/// <summary>Turns the updates of one streamed completion into those of <see cref="IChatClient"/>. Tool calls arrive in pieces and leave whole, at the end.</summary>
internal sealed class OpenAIStream
{
    private readonly SortedDictionary<int, PartialCall> _calls = [];
    private string? _responseId;
    private string? _model;

    /// <summary>Whether the model has said how its answer ended: one that did not was cut off.</summary>
    public bool HasFinished { get; private set; }

    public ChatResponseUpdate Next(StreamingChatCompletionUpdate update)
    {
        _responseId ??= update.CompletionId;
        _model ??= update.Model;
        ChatResponseUpdate result = Create();
        result.FinishReason = OpenAIResponse.FinishReason(update.FinishReason);
        HasFinished |= update.FinishReason is not null;
        result.RawRepresentation = update;
        OpenAIResponse.AddParts(result.Contents, update.ContentUpdate);
        OpenAIResponse.AddRefusal(result.Contents, update.RefusalUpdate);
        if (OpenAIResponse.Usage(update.Usage) is { } usage)
        {
            result.Contents.Add(new UsageContent(usage));
        }

        foreach (StreamingChatToolCallUpdate piece in update.ToolCallUpdates)
        {
            Collect(piece);
        }

        return result;
    }

    /// <summary>The tool calls that were collected, once; <see langword="null"/> when there are none.</summary>
    public ChatResponseUpdate? TakeToolCalls()
    {
        if (_calls.Count == 0)
        {
            return null;
        }

        ChatResponseUpdate result = Create();
        foreach (PartialCall call in _calls.Values)
        {
            result.Contents.Add(OpenAIResponse.ToolCall(call.Id, call.Name, call.Arguments.ToString()));
        }

        _calls.Clear();
        return result;
    }

    private ChatResponseUpdate Create() => new() { Role = ChatRole.Assistant, ResponseId = _responseId, MessageId = _responseId, ModelId = _model };

    private void Collect(StreamingChatToolCallUpdate piece)
    {
        if (!_calls.TryGetValue(piece.Index, out PartialCall? call))
        {
            _calls[piece.Index] = call = new PartialCall();
        }

        call.Id ??= piece.ToolCallId;
        call.Name ??= piece.FunctionName;
        call.Arguments.Append(piece.FunctionArgumentsUpdate?.ToString());
    }

    private sealed class PartialCall
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
