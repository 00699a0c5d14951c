using Reliable.Validation;

namespace Reliable.Streaming;

/// <summary>The running verdict on one attempt: the built-in rules and the application's own, as far as there are any.</summary>
internal sealed class StreamJudge<T>(StreamRules<T>? rules, IStreamJudge<T>? custom)
{
    private StreamVerdict _customVerdict;
    private ValidationResult? _verdict;
    private bool _hasUpdates;

    /// <summary>The judge of an attempt.</summary>
    /// <param name="criteria">The built-in rules; <see langword="null"/> when the method's answers are not judged.</param>
    /// <param name="validator">The application's own rule, or <see langword="null"/>.</param>
    public static StreamJudge<T> Begin(ResponseCriteria? criteria, IStreamValidator<T>? validator)
        => new(criteria is { } rules ? StreamRules<T>.For(rules) : null, validator?.Begin());

    /// <summary>Whether whatever follows cannot make the answer valid.</summary>
    public bool IsLost => _customVerdict == StreamVerdict.Invalid;

    /// <summary>Looks at the next update.</summary>
    public void Add(T update)
    {
        if (!_hasUpdates)
        {
            _hasUpdates = true;
        }

        rules?.Add(update);
        if (custom is not null && !IsLost)
        {
            _customVerdict = custom.Add(update);
        }
    }

    /// <summary>Whether what is held may be shown: it is valid so far, or the model's refusal, which is shown as it is.</summary>
    public bool MayShow()
        => rules?.Reason switch
        {
            RejectionReason.ContentFilter => true,
            null or RejectionReason.None => custom is null ? _hasUpdates : _customVerdict == StreamVerdict.Valid,
            _ => false,
        };

    /// <summary>The verdict on everything there was.</summary>
    public ValidationResult Complete() => _verdict ??= Conclude();

    private ValidationResult Conclude()
    {
        ValidationResult verdict = rules?.Complete() ?? ValidationResult.Valid;
        if (!verdict.IsValid || custom is null)
        {
            return verdict;
        }

        verdict = custom.Complete();
        return verdict.IsValid && IsLost ? ValidationResult.Reject("Invalid") : verdict;
    }
}
