using Microsoft.Extensions.Logging;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// One pass at a time over the open transactions and the quotas that are known: expires what is overdue, forgets whom nobody asked for. In short steps, and after a
/// few of them at the end of the pool's queue: a pass over millions holds up no call.
/// </summary>
internal sealed class Cleanup(TransactionStore transactions, QuotaKeeper keeper, Workers workers, Instruments instruments, ILogger logger) : IThreadPoolWorkItem
{
    private const int StepsPerTurn = 8;

    // About as long as a step over the transactions.
    private const int QuotasPerStep = 512;

    private static readonly long s_forgetAfterMs = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;

    private int _isRunning;
    private bool _isExpiring;
    private long _nowMs;
    private int _expired;

    /// <summary>Begins a pass, unless the one before is still under way.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _nowMs = transactions.NowMs;
            _expired = 0;
            _isExpiring = true;
            Execute();
        }
    }

    public void Execute()
    {
        for (int step = 0; step < StepsPerTurn; step++)
        {
            if (_isExpiring)
            {
                SweepResult result = transactions.Sweep(_nowMs, TransactionStore.SlotsPerStep);
                _expired += result.Expired;
                _isExpiring = !result.IsPassComplete;
            }
            else if (keeper.Forget(_nowMs - s_forgetAfterMs, QuotasPerStep))
            {
                End();
                return;
            }
        }

        workers.Run(this);
    }

    private void End()
    {
        int expired = _expired;
        Volatile.Write(ref _isRunning, 0);
        if (expired > 0)
        {
            instruments.Expired(expired);
            Log.TransactionCleanup(logger, expired, transactions.Count(transactions.NowMs).Active);
        }
    }
}
