using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Calls;

/// <summary>Whose call it is, and under which transaction.</summary>
internal readonly record struct CallContext(
    string? UserId, string? ModelId, string? CorrelationId, IProgress<RetryStatus>? Progress, TransactionHandle Transaction, Guid TransactionId)
{
    /// <summary>What log lines call it: the conversation, else the transaction, else the method.</summary>
    public string LogId(BoundPolicy policy)
        => CorrelationId is { Length: > 0 } id
            ? LogText.Clean(id)
            : TransactionId == Guid.Empty ? policy.Operation : TransactionIds.Format(TransactionId);
}
