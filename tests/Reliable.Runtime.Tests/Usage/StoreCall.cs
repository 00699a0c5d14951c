namespace Reliable.Usage;

/// <summary>One batch as it reached the store.</summary>
internal sealed record StoreCall(IReadOnlyList<Charge> Charges, UsageTerms Terms, Func<Task> Apply, CancellationToken Token)
{
    public async Task ApplyAndLoseReply()
    {
        await Apply();
        throw new TimeoutException("The reply was lost.");
    }

    /// <summary>Does not answer until it is told to, or the caller gives up.</summary>
    public async Task ApplyAfter(Task gate)
    {
        await gate.WaitAsync(Token);
        await Apply();
    }
}
