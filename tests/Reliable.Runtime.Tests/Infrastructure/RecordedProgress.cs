namespace Reliable.Infrastructure;

/// <summary>Keeps what a user interface would have shown; reports on the caller's thread, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class RecordedProgress : IProgress<RetryStatus>
{
    public List<RetryStatus> Reports { get; } = [];

    public void Report(RetryStatus value) => Reports.Add(value);
}
