namespace Reliable.Infrastructure;

/// <summary>What a reader got of a stream, and when.</summary>
internal sealed record StreamReading<T>(IReadOnlyList<T> Updates, IReadOnlyList<TimeSpan> Times, Exception? Exception)
{
    public string Text => string.Concat(Updates);

    /// <summary>Reads to the end, or so many updates.</summary>
    public static async Task<StreamReading<T>> OfAsync(IAsyncEnumerable<T> stream, FakeTimeProvider clock, int updates = int.MaxValue)
    {
        var read = new List<T>();
        var times = new List<TimeSpan>();
        try
        {
            await using IAsyncEnumerator<T> reader = stream.GetAsyncEnumerator();
            while (read.Count < updates && await reader.MoveNextAsync())
            {
                read.Add(reader.Current);
                times.Add(clock.Elapsed);
            }
        }
        catch (Exception e)
        {
            return new StreamReading<T>(read, times, e);
        }

        return new StreamReading<T>(read, times, null);
    }
}
