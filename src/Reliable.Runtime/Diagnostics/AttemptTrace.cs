using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Reliable.Diagnostics;

/// <summary>
/// The span of one attempt: how OpenTelemetry describes a call of a model, with the attempt's number, an event with the verdict, and a link to the attempt before.
/// It has no user, and nothing of what was asked or answered. What a listener throws stays its own, as with <see cref="Instruments"/>.
/// </summary>
internal sealed class AttemptTrace
{
    public const string VerdictEvent = "reliable.verdict";
    public const string ValidTag = "reliable.verdict.valid";
    public const string ReasonTag = "reliable.verdict.reason";
    public const string LeftTag = "reliable.stream.left";
    public const string AttemptTag = "reliable.attempt.number";
    public const string FallbackTag = "reliable.attempt.fallback";
    public const string TransactionTag = "reliable.transaction.id";
    public const string ErrorTag = "error.type";

    private const string Chat = "chat";

    private static readonly ActivitySource s_source = new(ReliableMetrics.ActivitySourceName);
    private static readonly ActivityTagsCollection s_previous = new() { ["reliable.link"] = "previous attempt" };

    private readonly Activity _activity;

    private AttemptTrace(Activity activity) => _activity = activity;

    /// <summary>Whether anybody listens. The only thing that is asked when nobody does.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>Begins the span of an attempt; <see langword="null"/> when nobody wants it.</summary>
    /// <param name="operation">The method.</param>
    /// <param name="modelId">The model, or <see langword="null"/>.</param>
    /// <param name="conversation">The conversation, or <see langword="null"/>.</param>
    /// <param name="transaction">The transaction; empty when there is none.</param>
    /// <param name="number">The attempt's number, from 1.</param>
    /// <param name="isFallback">Whether it is the fallback.</param>
    /// <param name="previous">The attempt before, or <see langword="null"/>.</param>
    public static AttemptTrace? Start(
        string operation, string? modelId, string? conversation, Guid transaction, int number, bool isFallback, AttemptTrace? previous)
    {
        if (!IsOn)
        {
            return null;
        }

        var tags = new TagList
        {
            { "gen_ai.operation.name", Chat },
            { Instruments.OperationTag, operation },
            { AttemptTag, number },
            { FallbackTag, isFallback },
        };
        if (modelId is not null)
        {
            tags.Add(Instruments.ModelTag, LogText.Clean(modelId));
        }

        if (conversation is { Length: > 0 })
        {
            tags.Add("gen_ai.conversation.id", LogText.Clean(conversation));
        }

        if (transaction != Guid.Empty)
        {
            tags.Add(TransactionTag, TransactionIds.Format(transaction));
        }

        ActivityLink[]? links = previous is null ? null : [new ActivityLink(previous._activity.Context, s_previous)];
        string name = modelId is null ? Chat : $"{Chat} {LogText.Clean(modelId)}";
        Activity? callers = Activity.Current;
        try
        {
            return s_source.StartActivity(name, ActivityKind.Client, parentContext: default, tags, links) is { } activity ? new AttemptTrace(activity) : null;
        }
        catch (Exception)
        {
            // It may have begun before the listener threw; nobody would end it.
            Activity.Current = callers;
            return null;
        }
    }

    /// <summary>The attempt has an answer, and this is the verdict on it. The span goes on.</summary>
    public void Judge<T>(T response, in ValidationResult verdict)
    {
        if (response is ChatResponse chat)
        {
            Describe(chat);
        }

        Judge(verdict);
    }

    /// <summary>This is the verdict on its answer. The span goes on.</summary>
    public void Judge(in ValidationResult verdict)
    {
        var tags = new ActivityTagsCollection { [ValidTag] = verdict.IsValid };
        if (!verdict.IsValid)
        {
            tags[ReasonTag] = verdict.Reason.ToString();
            tags["reliable.answer.characters"] = verdict.Metrics.TotalTextLength;
            tags["reliable.answer.messages"] = verdict.Metrics.AssistantMessageCount;
            SetError(verdict.Reason.ToString());
        }

        _activity.AddEvent(new ActivityEvent(VerdictEvent, tags: tags));
    }

    /// <summary>Its reader has left. The verdict is that on what he was given; <see langword="null"/> when that was not all that was held.</summary>
    public void Leave(ValidationResult? given)
    {
        if (given is { } verdict)
        {
            Judge(verdict);
        }

        _activity.SetTag(LeftTag, true);
    }

    /// <summary>The attempt ended with an exception, of which only the type is told.</summary>
    public void Fail(Exception exception) => SetError(exception.GetType().FullName ?? exception.GetType().Name);

    /// <summary>The span is over. Another end changes nothing.</summary>
    public void End()
    {
        Activity? callers = ReferenceEquals(Activity.Current, _activity) ? _activity.Parent : Activity.Current;
        try
        {
            _activity.Stop();
        }
        catch (Exception)
        {
            Activity.Current = callers;
        }
    }

    private void SetError(string type)
    {
        _activity.SetTag(ErrorTag, type);
        _activity.SetStatus(ActivityStatusCode.Error);
    }

    private void Describe(ChatResponse response)
    {
        SetTag("gen_ai.response.id", response.ResponseId);
        SetTag("gen_ai.response.model", response.ModelId);
        SetTag("gen_ai.response.finish_reasons", response.FinishReason is { } reason ? new[] { reason.Value } : null);
        SetTag("gen_ai.usage.input_tokens", response.Usage?.InputTokenCount);
        SetTag("gen_ai.usage.output_tokens", response.Usage?.OutputTokenCount);
    }

    private void SetTag(string name, object? value)
    {
        if (value is not null)
        {
            _activity.SetTag(name, value);
        }
    }
}
