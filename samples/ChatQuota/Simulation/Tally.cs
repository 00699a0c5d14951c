namespace ChatQuota.Simulation;

/// <summary>The model's own count of what it sent, kept apart from everything the library counts.</summary>
internal sealed class Tally
{
    private readonly long[] _sent = new long[Enum.GetValues<Behaviour>().Length];
    private long _abandoned;

    /// <summary>All requests, with those that were abandoned.</summary>
    public long Requests => _sent.Sum(static (count) => count) + Abandoned;

    /// <summary>Requests whose sender left before the answer was ready.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    /// <summary>Good answers that were sent to the end.</summary>
    public long GoodAnswers => this[Behaviour.GoodAnswer] + this[Behaviour.SlowAnswer];

    public long this[Behaviour behaviour] => Interlocked.Read(ref _sent[(int)behaviour]);

    public void Sent(Behaviour behaviour) => Interlocked.Increment(ref _sent[(int)behaviour]);

    /// <summary>Starts again from zero.</summary>
    public void Reset()
    {
        Array.Clear(_sent);
        Interlocked.Exchange(ref _abandoned, 0);
    }

    public void Abandon() => Interlocked.Increment(ref _abandoned);
}
