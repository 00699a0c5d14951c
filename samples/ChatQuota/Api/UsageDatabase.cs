using Reliable;

namespace ChatQuota.Api;

/// <summary>Where the counters are: PostgreSQL when <c>ConnectionStrings:Usage</c> is set, a SQLite file otherwise.</summary>
internal static class UsageDatabase
{
    public const string PathKey = "ChatQuota:Database";

    public static ReliableBuilder UseUsageDatabase(this ReliableBuilder reliable, IConfiguration configuration, string contentRoot)
        => PostgresConnection(configuration) is { } connectionString
            ? reliable.UsePostgres(connectionString)
            : reliable.UseSqlite(SqlitePath(configuration, contentRoot));

    public static bool IsPostgres(IConfiguration configuration) => PostgresConnection(configuration) is not null;

    private static string? PostgresConnection(IConfiguration configuration)
        => configuration.GetConnectionString("Usage") is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static string SqlitePath(IConfiguration configuration, string contentRoot)
        => Path.GetFullPath(configuration[PathKey] is { Length: > 0 } path ? path : "usage.db", contentRoot);
}
