using System.Runtime.CompilerServices;

namespace Reliable.Streams;

/// <summary>A reader that leaves a stream in one of the ways in which readers leave, and knows what it was given.</summary>
internal static class LeavingReader
{
    public enum Way
    {
        /// <summary>Reads to the end.</summary>
        Stay,

        /// <summary>Disposes, with an update in its hands.</summary>
        Dispose,

        /// <summary>Disposes while it waits for the next update, and disposes again.</summary>
        DisposeWhileWaiting,

        /// <summary>Cancels, and asks for the next update.</summary>
        Cancel,
    }

    /// <summary>Reads so many updates and leaves.</summary>
    /// <returns>What it was given, and whether it was told of a failure that is not its own leaving.</returns>
    public static async Task<(string Text, bool IsFailed)> ReadAsync(Func<CancellationToken, IAsyncEnumerable<string>> stream, Way way, int updates)
    {
        using var source = new CancellationTokenSource();
        string text = "";
        try
        {
            IAsyncEnumerator<string> reader = stream(source.Token).GetAsyncEnumerator(CancellationToken.None);
            await using ConfiguredAsyncDisposable disposing = reader.ConfigureAwait(false);
            for (int i = 0; way == Way.Stay || i < updates; i++)
            {
                if (!await reader.MoveNextAsync())
                    return (text, false);

                text += reader.Current;
            }

            if (way == Way.DisposeWhileWaiting)
            {
                ValueTask<bool> move = reader.MoveNextAsync();
                if (move.IsCompleted)
                    return (await move ? text + reader.Current : text, false);

                Task<bool> waiting = move.AsTask();
                await reader.DisposeAsync();
                return (await waiting ? text + reader.Current : text, false);
            }

            if (way == Way.Cancel)
            {
                await source.CancelAsync();
                while (await reader.MoveNextAsync())
                    text += reader.Current;
            }

            return (text, false);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            return (text, false);
        }
        catch (Exception)
        {
            return (text, true);
        }
    }
}
