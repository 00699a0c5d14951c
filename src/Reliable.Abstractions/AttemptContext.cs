using System.Runtime.CompilerServices;

namespace Reliable;

/// <summary>What the Core method and the fallback may know about the attempt they are asked for.</summary>
/// <remarks>A small value: passing it on costs nothing, and it may be kept.</remarks>
public readonly struct AttemptContext
{
    private const int MaxAttemptsShift = 32;
    private const long FallbackBit = long.MinValue;

    // Four words and no more: up to four the compiler keeps in registers and writes to where the callee expects them. A Guid among them made it copy all of it
    // twice, through memory that had just been written in other pieces: 8 ns of each call.
    private readonly long _numbers;
    private readonly ulong _transactionStart;
    private readonly ulong _transactionEnd;

    /// <summary>Creates a context, for tests of a Core method that is called directly.</summary>
    /// <param name="number">The number of the attempt, from 1.</param>
    /// <param name="maxAttempts">How many attempts there may be, without the fallback.</param>
    /// <param name="isFallback">Whether this is the fallback.</param>
    /// <param name="previous">Why the attempt before failed, or <see langword="null"/>.</param>
    /// <param name="transaction">The id of the usage transaction, or <see cref="Guid.Empty"/> when there is none.</param>
    public AttemptContext(int number, int maxAttempts, bool isFallback = false, AttemptFailure? previous = null, Guid transaction = default)
    {
        _numbers = Pack(number, maxAttempts, isFallback);
        Previous = previous;
        (_transactionStart, _transactionEnd) = Unsafe.BitCast<Guid, (ulong, ulong)>(transaction);
    }

    internal AttemptContext(int number, int maxAttempts, (ulong Start, ulong End) transaction)
    {
        _numbers = Pack(number, maxAttempts, isFallback: false);
        (_transactionStart, _transactionEnd) = transaction;
    }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Number => (int)_numbers;

    /// <summary>How many attempts there may be, without the fallback.</summary>
    public int MaxAttempts => (int)((_numbers & ~FallbackBit) >> MaxAttemptsShift);

    /// <summary>Whether this is the fallback, after all other attempts failed.</summary>
    public bool IsFallback => _numbers < 0;

    /// <summary>Why the attempt before this one failed; <see langword="null"/> on the first.</summary>
    public AttemptFailure? Previous { get; }

    /// <summary>The id of the usage transaction (<c>txn-…</c>), or <see langword="null"/> when the method has none.</summary>
    public string? TransactionId => (_transactionStart | _transactionEnd) == 0
        ? null
        : TransactionIds.Format(Unsafe.BitCast<(ulong, ulong), Guid>((_transactionStart, _transactionEnd)));

    /// <summary>
    /// A sentence for the model's system prompt that says what was wrong with the attempts before and what is wanted now;
    /// empty on the first attempt.
    /// </summary>
    public string Guidance => AttemptGuidance.For(Previous, IsFallback);

    private static long Pack(int number, int maxAttempts, bool isFallback)
        => (uint)number | ((long)maxAttempts << MaxAttemptsShift) | (isFallback ? FallbackBit : 0);
}
