using System.Globalization;
using Microsoft.Extensions.AI;

namespace Reliable.Validation;

/// <summary>
/// The built-in rules as a state machine: contents go in one by one, in order, and the verdict can be asked for at the end. Each content is looked at once.
/// </summary>
/// <remarks>
/// A judge that need not be exact stops counting characters as soon as more of them cannot change the verdict. Such a judge says only whether the answer is
/// valid; the metrics of a rejection come from an exact one.
/// </remarks>
internal struct ResponseJudge(ResponseCriteria criteria, bool exact)
{
    private const int BlockLength = 256;

    private VisibleText _text;
    private int _messages;
    private int _emptyMessages;
    private int _callsWithoutText;
    private int _lengthBeforeMessage;
    private int _lengthBeforeFollowUp;
    private bool _inAssistantMessage;
    private bool _messageHasContent;
    private bool _messageHasCall;
    private bool _hasText;
    private bool _hasCall;
    private bool _hasOutput;
    private bool _hasFile;
    private bool _hasFileAfterOutput;
    private bool _isRefusal;

    /// <summary>Starts the next message.</summary>
    public void BeginMessage(bool isAssistant)
    {
        EndMessage();
        _inAssistantMessage = isAssistant;
        _messageHasContent = false;
        _messageHasCall = false;
        _lengthBeforeMessage = _text.Length;
    }

    /// <summary>Notes whether the model refused for reasons of policy; its last word counts.</summary>
    public void Refuse(bool isRefusal = true) => _isRefusal = isRefusal;

    /// <summary>Adds text of the assistant. Text of other roles is ignored.</summary>
    public void AddText(ReadOnlySpan<char> text)
    {
        if (!_inAssistantMessage || text.IsEmpty)
        {
            return;
        }

        _messageHasContent = true;
        _hasText = true;
        if (exact)
        {
            _text.Append(text);
            return;
        }

        // In blocks: most texts have proved themselves after the first, and the rest need not be read.
        while (NeedsText && !text.IsEmpty)
        {
            int block = Math.Min(text.Length, BlockLength);
            _text.Append(text[..block]);
            text = text[block..];
        }
    }

    /// <summary>Adds any content of a message.</summary>
    public void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                AddText(text.Text);
                break;
            case TextReasoningContent or UsageContent or ErrorContent:
                break;
            case ImageGenerationToolResultContent:
            case DataContent or UriContent or HostedFileContent or HostedVectorStoreContent or InputRequestContent:
                AddFile();
                break;
            case ToolResultContent:
                AddToolOutput();
                break;
            case ToolCallContent:
                AddToolCall();
                break;
            default:
                break;
        }
    }

    /// <summary>What <see cref="Complete"/> would say here, while the answer goes on.</summary>
    public readonly RejectionReason Peek()
    {
        ResponseJudge judge = this;
        return judge.Complete();
    }

    /// <summary>Ends the answer and says what is wrong with it; <see cref="RejectionReason.None"/> when nothing is.</summary>
    public RejectionReason Complete()
    {
        EndMessage();
        if (_isRefusal)
        {
            return RejectionReason.ContentFilter;
        }

        if (_messages == 0)
        {
            return RejectionReason.NoAssistantMessage;
        }

        if (criteria.Has(ResponseRules.NotEmpty) && _emptyMessages == _messages)
        {
            return RejectionReason.EmptyResponse;
        }

        bool isBare = _text.Length == 0 && !_hasFile;
        if (criteria.Has(ResponseRules.NotWhitespace) && isBare && _hasText)
        {
            return RejectionReason.WhitespaceOnly;
        }

        if (criteria.Has(ResponseRules.NoToolCallsOnly) && isBare && _hasCall && !_hasOutput)
        {
            return RejectionReason.ToolCallsWithoutText;
        }

        if (criteria.Has(ResponseRules.ToolOutputsExplained) && !IsExplained)
        {
            return RejectionReason.ToolOutputWithoutText;
        }

        return criteria.Has(ResponseRules.MinText) && _text.Length < criteria.MinLength && !_hasFile
            ? RejectionReason.InsufficientText
            : RejectionReason.None;
    }

    /// <summary>The verdict with its metrics, after <see cref="Complete"/>; only an exact judge has them.</summary>
    public readonly ValidationResult Describe(RejectionReason reason)
        => new(reason, MessageOf(reason), new ResponseMetrics(_messages, _text.Length, _hasOutput, _emptyMessages, _callsWithoutText));

    private readonly bool NeedsText
        => _text.Length < Math.Max(criteria.MinLength, 1) || (_hasOutput && FollowUpLength < criteria.MinFollowUpLength);

    private readonly int FollowUpLength => _text.Length - _lengthBeforeFollowUp;

    private readonly bool IsExplained
        => !_hasOutput || _hasFileAfterOutput || FollowUpLength >= criteria.MinFollowUpLength;

    private readonly string? MessageOf(RejectionReason reason) => reason switch
    {
        RejectionReason.NoAssistantMessage => "No assistant messages in response",
        RejectionReason.EmptyResponse => "Empty response",
        RejectionReason.WhitespaceOnly => "Whitespace-only content",
        RejectionReason.ToolCallsWithoutText => "Tool calls without text",
        RejectionReason.ToolOutputWithoutText => "Tool outputs without follow-up text",
        RejectionReason.InsufficientText => string.Create(CultureInfo.InvariantCulture, $"Insufficient text ({_text.Length} chars)"),
        RejectionReason.ContentFilter => "Content filter",
        _ => null,
    };

    private void AddFile()
    {
        if (_inAssistantMessage)
        {
            _text.EndRun();
            _messageHasContent = true;
        }

        _hasFile |= _inAssistantMessage;
        _hasFileAfterOutput |= _inAssistantMessage;
    }

    private void AddToolCall()
    {
        _text.EndRun();
        _hasCall = true;
        _messageHasCall = true;
        _messageHasContent = true;
    }

    // Outputs stand in messages of the tool role, or, for tools the service runs itself, in the assistant's.
    private void AddToolOutput()
    {
        _text.EndRun();
        _hasOutput = true;
        _hasFileAfterOutput = false;
        _messageHasContent = true;
        _lengthBeforeFollowUp = _text.Length;
    }

    private void EndMessage()
    {
        _text.EndRun();
        if (!_inAssistantMessage)
        {
            return;
        }

        _inAssistantMessage = false;
        _messages++;
        _emptyMessages += _messageHasContent ? 0 : 1;
        _callsWithoutText += _messageHasCall && _text.Length == _lengthBeforeMessage ? 1 : 0;
    }
}
