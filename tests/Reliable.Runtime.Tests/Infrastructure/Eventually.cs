namespace Reliable.Infrastructure;

/// <summary>Waits for what another thread is about to do; the time is a guard against hanging, not an assertion.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_guard = TimeSpan.FromSeconds(20);

    public static async Task IsTrue(Func<bool> condition, string what)
    {
        long since = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - since < s_guard.TotalMilliseconds, $"It did not come to pass: {what}.");
            await Task.Delay(1);
        }
    }

    public static async Task<T> Ends<T>(Task<T> task)
    {
        await Ends((Task)task);
        return await task;
    }

    public static async Task Ends(Task task)
    {
        Assert.True(await Task.WhenAny(task, Task.Delay(s_guard)) == task, "The task does not end.");
        await task;
    }
}
