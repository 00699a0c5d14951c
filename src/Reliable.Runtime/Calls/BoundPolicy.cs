using Polly;
using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Streaming;
using Reliable.Transactions;
using Reliable.Usage;
using Reliable.Validation;

namespace Reliable.Calls;

/// <summary>What a method's policy comes to in one runtime under one configuration: every setting resolved, the pipeline built, the validator at hand.</summary>
internal sealed class BoundPolicy
{
    private readonly Lazy<ResiliencePipeline> _pipeline;
    private readonly AnswerRules? _answer;
    private readonly bool _isFirstAttemptInline;

    // The attribute names no validator: one that is registered for the answer's type is asked.
    private readonly bool _asksRegistered;

    // Of the type that the method returns; a generic method may ask for several, one after the other.
    private object? _registered;

    public BoundPolicy(CallPolicy policy, RuntimeSettings settings, ReliableRuntime runtime)
    {
        ReliableOptions options = settings.Options;
        MethodOptions? method = options.Methods.TryGetValue(policy.Operation, out MethodOptions? found) ? found : null;
        Runtime = runtime;
        Settings = settings;
        Operation = policy.Operation;
        if (policy.Retry is { } retry)
        {
            HasRetry = true;
            Retry = RetrySettings.Resolve(retry, method, options.Retry);
        }

        if (policy.Validation is { } validation)
        {
            Validates = true;
            ResponseRules rules = validation.RulesOrNull ?? options.Validation.Rules;
            Criteria = new ResponseCriteria(
                method?.MinLength ?? validation.MinLengthOrNull ?? options.Validation.MinLength,
                method?.MinFollowUpLength ?? validation.MinFollowUpLengthOrNull ?? options.Validation.MinFollowUpLength,
                method?.RulesOver(rules) ?? rules);
            Validator = validation.Validator is { } type ? runtime.Services?.GetService(type) ?? policy.Validator?.Invoke() : policy.Validator?.Invoke();
            if (Validator is null && validation.Validator is { IsInterface: true } missing)
            {
                throw new InvalidOperationException(
                    $"'{Operation}' names '{missing}' as its validator, and no service of that type is registered. Register one, or name a class.");
            }

            _answer = policy.Answer;
            _asksRegistered = Validator is null && runtime.Services is not null;
        }

        MaxAttempts = Retry.MaxAttempts;
        Stream = StreamSettings.Resolve(method, options.Streaming);
        if (policy.Usage is { } usage)
        {
            Quotas = runtime.Keeper.TableOf(usage.Counter);
            Amount = usage.Amount;
        }

        _pipeline = new Lazy<ResiliencePipeline>(
            () => AttemptPipeline.Build(Operation, Retry, runtime.Time, runtime.NextRandom, HasRetry ? runtime.ConfigureAttempts : null));
        _isFirstAttemptInline = !HasRetry
            || (!runtime.HasAttemptStrategies && Retry.AttemptTimeout == TimeSpan.Zero && Retry.TotalTimeout == TimeSpan.Zero);
    }

    public ReliableRuntime Runtime { get; }

    public RuntimeSettings Settings { get; }

    public string Operation { get; }

    public bool HasRetry { get; }

    public RetrySettings Retry { get; } = RetrySettings.None;

    public int MaxAttempts { get; }

    public bool Validates { get; }

    public ResponseCriteria Criteria { get; }

    /// <summary>The application's own rule, or <see langword="null"/>.</summary>
    public object? Validator { get; }

    /// <summary>How streamed answers are held back.</summary>
    public StreamSettings Stream { get; }

    /// <summary>The quotas that are charged; <see langword="null"/> for a method without <see cref="UsageTransactionAttribute"/>.</summary>
    public QuotaTable? Quotas { get; }

    public int Amount { get; }

    /// <summary>Whether the first attempt can run outside the pipeline: nothing in it would have to see it, and nobody wants its span.</summary>
    public bool IsFirstAttemptInline => _isFirstAttemptInline && !AttemptTrace.IsOn;

    public ResiliencePipeline Pipeline => _pipeline.Value;

    public Instruments Instruments => Runtime.Instruments;

    public QuotaKeeper Keeper => Runtime.Keeper;

    /// <summary>The application's own rule for streams of this type, or <see langword="null"/>.</summary>
    /// <exception cref="InvalidOperationException">It cannot judge such a stream.</exception>
    public IStreamValidator<T>? StreamValidator<T>() => Validator switch
    {
        null => _asksRegistered ? Runtime.Services!.GetService(typeof(IStreamValidator<T>)) as IStreamValidator<T> : null,
        IStreamValidator<T> validator => validator,
        _ => throw new InvalidOperationException(
            $"'{Validator.GetType()}' cannot judge the stream of '{Operation}': it must implement '{typeof(IStreamValidator<T>)}'. The model was not called."),
    };

    /// <summary>Makes the judge of one attempt at a streamed answer.</summary>
    public StreamJudge<T> BeginStream<T>() => StreamJudge<T>.Begin(Validates ? Criteria : null, StreamValidator<T>());

    /// <summary>
    /// Whether an answer is good at first sight, and nobody else has to be asked; <see langword="false"/> says nothing. A verdict is a large value: most calls need none.
    /// </summary>
    public bool Accepts<T>(T response)
        => !typeof(T).IsValueType && _answer is null && ValidatorOf<T>() is null && BuiltInRules.AcceptsAtSight(response, Criteria);

    /// <summary>Judges an answer, where that needs no waiting.</summary>
    /// <returns><see langword="false"/> when only an asynchronous validator can tell; it has not been asked.</returns>
    public bool TryJudge<T>(T response, out ValidationResult verdict)
    {
        verdict = ValidationResult.Valid;
        if (!Validates)
        {
            return true;
        }

        // The built-in rules know reference types only; a value would be boxed for nothing. No answer at all is one that has no message.
        if (!typeof(T).IsValueType)
        {
            verdict = BuiltInRules.Judge(response, Criteria, exact: response is null);
            if (!verdict.IsValid || response is null)
            {
                return true;
            }
        }

        if (_answer is IResponseValidator<T> members)
        {
            verdict = members.Validate(response);
            if (!verdict.IsValid)
            {
                return true;
            }
        }

        object? own = ValidatorOf<T>();
        if (own is IResponseValidator<T> validator)
        {
            verdict = validator.Validate(response);
            return true;
        }

        return own is not IAsyncResponseValidator<T>;
    }

    /// <summary>Judges an answer by everything there is.</summary>
    public ValueTask<ValidationResult> JudgeAsync<T>(T response, CancellationToken cancellationToken)
        => TryJudge(response, out ValidationResult verdict)
            ? new(verdict)
            : ((IAsyncResponseValidator<T>)ValidatorOf<T>()!).ValidateAsync(response, cancellationToken);

    /// <summary>The validator that the attribute names, or else the one that is registered for the answer's type.</summary>
    private object? ValidatorOf<T>()
    {
        if (!_asksRegistered)
        {
            return Validator;
        }

        if (_registered is not RegisteredValidator<T> registered)
        {
            registered = new RegisteredValidator<T>(Runtime.Services!);
            _registered = registered;
        }

        return registered.Value;
    }
}
