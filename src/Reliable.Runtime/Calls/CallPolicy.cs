using System.ComponentModel;

namespace Reliable.Calls;

/// <summary>What the attributes of one method say. Made once per method, by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CallPolicy
{
    private CallPolicy(
        string operation,
        RetryAttribute? retry,
        ValidateResponseAttribute? validation,
        UsageTransactionAttribute? usage,
        Func<object>? validator,
        AnswerRules? answer)
    {
        Operation = operation;
        Retry = retry;
        Validation = validation;
        Usage = usage;
        Validator = validator;
        Answer = answer;
    }

    /// <summary>The method's name in logs, metrics and configuration: <c>Type.Method</c>.</summary>
    public string Operation { get; }

    internal RetryAttribute? Retry { get; }

    internal ValidateResponseAttribute? Validation { get; }

    internal UsageTransactionAttribute? Usage { get; }

    internal Func<object>? Validator { get; }

    /// <summary>The rules of the answer's own members, or <see langword="null"/> when it has none.</summary>
    internal AnswerRules? Answer { get; }

    /// <summary>What the policy came to where it was last used: nearly always where it is used next.</summary>
    internal BoundPolicy? LastBound { get; set; }

    /// <summary>Creates the policy of one method.</summary>
    /// <param name="operation">The method's name, as <c>Type.Method</c>.</param>
    /// <param name="retry">The method's <see cref="RetryAttribute"/>, or <see langword="null"/> when it has none.</param>
    /// <param name="validation">The method's <see cref="ValidateResponseAttribute"/>, or <see langword="null"/> when it has none.</param>
    /// <param name="usage">The method's <see cref="UsageTransactionAttribute"/>, or <see langword="null"/> when it has none.</param>
    /// <param name="validator">
    /// Constructs the attribute's own validator where the service provider has none, or <see langword="null"/> when the attribute names none.
    /// </param>
    /// <param name="answer">The rules of the answer's members, or <see langword="null"/> when it has none.</param>
    /// <exception cref="ArgumentException"><paramref name="operation"/> is empty.</exception>
    public static CallPolicy Create(
        string operation,
        RetryAttribute? retry = null,
        ValidateResponseAttribute? validation = null,
        UsageTransactionAttribute? usage = null,
        Func<object>? validator = null,
        AnswerRules? answer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        return new CallPolicy(operation, retry, validation, usage, validator, answer);
    }
}
