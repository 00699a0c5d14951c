using System.Globalization;

namespace Reliable.Sqlite;

/// <summary>A clock that a test sets.</summary>
internal sealed class ManualTime(string now) : TimeProvider
{
    public string Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(Now, CultureInfo.InvariantCulture);
}
