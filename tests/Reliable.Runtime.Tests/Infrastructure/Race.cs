using System.Runtime.ExceptionServices;

namespace Reliable.Infrastructure;

/// <summary>Threads that start each round at one gate; the first failure is thrown where the race was started.</summary>
internal static class Race
{
    public static void Run(
        int threads, int rounds, Action<int> before, Action<int, int> body, Action<int> after, Action? onFailure = null)
    {
        Exception? failure = null;
        void Guard(Action action)
        {
            try
            {
                if (Volatile.Read(ref failure) is null)
                    action();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                onFailure?.Invoke();
            }
        }

        using var gate = new Barrier(threads + 1);
        Thread[] runners =
        [
            .. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
            {
                for (int round = 0; round < rounds; round++)
                {
                    gate.SignalAndWait();
                    Guard(() => body(thread, round));
                    gate.SignalAndWait();
                }
            })),
        ];
        foreach (Thread runner in runners)
            runner.Start();

        for (int round = 0; round < rounds; round++)
        {
            Guard(() => before(round));
            gate.SignalAndWait();
            gate.SignalAndWait();
            Guard(() => after(round));
        }

        foreach (Thread runner in runners)
            runner.Join();

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
