using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <content>A charge that comes alone: one statement on a connection that is kept for it.</content>
public sealed partial class PostgresUsageStore
{
    // All that a caller who is alone waits for besides the database is here and in CountOneAsync: every further method that has to wait would cost him more
    // than a row costs the server.
    private async ValueTask SettleOneAsync(
        ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(cancellationToken);
        PostgresTables tables = Tables;
        Task<ChargeResult?> counting = CountOneAsync(tables.All[tables.IndexOf(charges.Span[0].Counter)], charges.Span[0], terms);
        ChargeResult? counted;
        try
        {
            counted = await counting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!counting.IsCompleted)
        {
            LeaveAlone(counting);
            throw;
        }

        counted ??= (await LookAndCountAsync(tables, charges, terms, cancellationToken).ConfigureAwait(false))[0];
        results.Span[0] = counted.Value;
    }

    // Null when it must be looked at before it is counted.
    private async Task<ChargeResult?> CountOneAsync(CounterStatements statements, Charge charge, UsageTerms terms)
    {
        ChargeLane lane = await _connections.TakeLaneAsync().ConfigureAwait(false);
        lane.IsSent = false;
        try
        {
            ChargeResult? result = new ChargeResult(ChargeOutcome.UnknownUser, 0, terms.DefaultLimit);
            if (await lane.BindAsync(statements, charge, terms).ConfigureAwait(false) is { } command)
            {
                lane.IsSent = true;
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
                await using var closing = reader.ConfigureAwait(false);
                result = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false)
                    ? new ChargeResult(ChargeOutcome.Counted, reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1))
                    : null;

                // To the end: an error in a later message would otherwise stay unread.
                await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await PostgresConnections.KeepAsync(lane).ConfigureAwait(false);
            return result;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The ledger knows it after all.
            await GiveBackAsync(lane, e).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            await GiveBackAsync(lane, e).ConfigureAwait(false);
            throw;
        }
    }
}
