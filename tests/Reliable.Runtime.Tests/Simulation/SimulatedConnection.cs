using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>One process's way to the database.</summary>
internal sealed class SimulatedConnection(SimulatedDatabase database) : IUsageStore
{
    public SimulatedProcess Process { get; set; } = null!;

    public string Name => "SimulatedSQL";

    public int MaxBatchSize => 8;

    public async ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken)
        => await SendAsync("initialize", static () => true, cancellationToken).ConfigureAwait(false);

    public async ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
        => await SendAsync($"read {userId}", () => database.Read(userId, terms), cancellationToken).ConfigureAwait(false);

    public async ValueTask SettleAsync(
        ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        Charge[] sent = charges.ToArray();
        string what = $"settle {sent.Length}{(terms.EnforceLimit ? "" : " in any case")}{(terms.Day is { } day ? $" of {day:MM-dd}" : "")}";
        ChargeResult[] answers = await SendAsync(what, () => database.Settle(Process, sent, terms), cancellationToken).ConfigureAwait(false);
        answers.CopyTo(results);
    }

    public async ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
        => await SendAsync($"refund {charge.UserId}", () => database.Refund(charge), cancellationToken).ConfigureAwait(false);

    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public StoreFailure Classify(Exception exception) => exception switch
    {
        PoisonException => StoreFailure.Permanent,
        LockHeldException => StoreFailure.Contended,
        IOException => StoreFailure.NotApplied,
        _ => StoreFailure.Unknown,
    };

    public ValueTask DisposeAsync() => default;

    private async Task<T> SendAsync<T>(string what, Func<T> execute, CancellationToken token)
    {
        var packet = new RequestPacket<T>(Process, what, execute);
        database.UnderWay.Add(packet);
        using CancellationTokenRegistration giveUp = token.UnsafeRegister(
            static (state, cancelled) => ((RequestPacket<T>)state!).Abandon(cancelled), packet);
        return await packet.Task.ConfigureAwait(false);
    }
}
