namespace Reliable;

/// <summary>What the Core method and the fallback may know about the attempt they are asked for.</summary>
/// <remarks>A small value: passing it on costs nothing, and it may be kept.</remarks>
public readonly struct AttemptContext
{
    private readonly Guid _transaction;

    /// <summary>Creates a context, for tests of a Core method that is called directly.</summary>
    /// <param name="number">The number of the attempt, from 1.</param>
    /// <param name="maxAttempts">How many attempts there may be, without the fallback.</param>
    /// <param name="isFallback">Whether this is the fallback.</param>
    /// <param name="previous">Why the attempt before failed, or <see langword="null"/>.</param>
    /// <param name="transaction">The id of the usage transaction, or <see cref="Guid.Empty"/> when there is none.</param>
    public AttemptContext(int number, int maxAttempts, bool isFallback = false, AttemptFailure? previous = null, Guid transaction = default)
    {
        Number = number;
        MaxAttempts = maxAttempts;
        IsFallback = isFallback;
        Previous = previous;
        _transaction = transaction;
    }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Number { get; }

    /// <summary>How many attempts there may be, without the fallback.</summary>
    public int MaxAttempts { get; }

    /// <summary>Whether this is the fallback, after all other attempts failed.</summary>
    public bool IsFallback { get; }

    /// <summary>Why the attempt before this one failed; <see langword="null"/> on the first.</summary>
    public AttemptFailure? Previous { get; }

    /// <summary>The id of the usage transaction (<c>txn-…</c>), or <see langword="null"/> when the method has none.</summary>
    public string? TransactionId => _transaction == Guid.Empty ? null : TransactionIds.Format(_transaction);

    /// <summary>
    /// A sentence for the model's system prompt that says what was wrong with the attempts before and what is wanted now;
    /// empty on the first attempt.
    /// </summary>
    public string Guidance => AttemptGuidance.For(Previous, IsFallback);
}
