namespace Reliable.Faults;

/// <summary>Waits for what another thread or process is about to do; the time is a guard against hanging, not an assertion.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_guard = TimeSpan.FromSeconds(60);

    public static Task IsTrue(Func<bool> condition, string what) => IsTrue(() => Task.FromResult(condition()), what);

    public static async Task IsTrue(Func<Task<bool>> condition, string what)
    {
        long since = Environment.TickCount64;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 - since < s_guard.TotalMilliseconds, $"It did not come to pass: {what}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits for a task that may hang.</summary>
    public static async Task Ends(Task task)
    {
        Assert.True(await Task.WhenAny(task, Task.Delay(s_guard)) == task, "The task does not end.");
        await task;
    }
}
