using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reliable.Benchmarks.Store;

/// <summary>The processor time of this thread, where the system tells it; it stands still while another thread has the processor.</summary>
internal static partial class ThreadClock
{
    // From Linux's time.h.
    private const int ThreadProcessorTime = 3;

    /// <summary>Whether the system tells it; otherwise the time of day is told.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux();

    public static double Microseconds
        => IsThere && Read(ThreadProcessorTime, out TimeSpec time) == 0
            ? (time.Seconds * 1e6) + (time.Nanoseconds / 1e3)
            : Stopwatch.GetElapsedTime(0).TotalMicroseconds;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
