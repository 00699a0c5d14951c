using System.Runtime.CompilerServices;

namespace Reliable.Calls;

/// <summary>The answer of a method that returns none, so that such a method runs through the same engine. No rule judges it.</summary>
internal readonly struct Nothing
{
    /// <summary>Nothing, as soon as a task is done.</summary>
    public static ValueTask<Nothing> After(Task task) => task.IsCompletedSuccessfully ? default : WaitAsync(task);

    /// <summary>Nothing, as soon as a task is done.</summary>
    public static ValueTask<Nothing> After(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return WaitAsync(task.AsTask());
        }

        // A task with a source behind it wants to be asked, and only once.
        task.GetAwaiter().GetResult();
        return default;
    }

    // Pooled, and awaited once by the engine: a call without an answer allocates no more than one with an answer.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Nothing> WaitAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return default;
    }
}
