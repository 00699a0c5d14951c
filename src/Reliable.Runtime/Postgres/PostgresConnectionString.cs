using Npgsql;

namespace Reliable.Postgres;

/// <summary>Reads a connection string. What is wrong with it is said without repeating it: it has a password in it.</summary>
internal static class PostgresConnectionString
{
    private const string Expected = "Expected is the form 'Host=…;Username=…;Password=…;Database=…'.";

    /// <exception cref="ArgumentException">The string is empty or cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw Refuse("is empty. Is 'ConnectionStrings:Usage' set?");
        if (connectionString.TrimStart().StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
            && connectionString.Contains("://", StringComparison.Ordinal))
        {
            throw Refuse("is a URI, which Npgsql does not take.");
        }

        NpgsqlConnectionStringBuilder? builder = TryParse(connectionString);
        if (builder is null)
            throw Refuse($"cannot be read{Explain(connectionString)}.");
        if (string.IsNullOrEmpty(builder.Host))
            throw Refuse("names no Host.");
        return builder;

        static ArgumentException Refuse(string why) => new($"The connection string given to UsePostgres {why} {Expected}", nameof(connectionString));
    }

    // Without the exception: its message may repeat a part of the password that contains a semicolon.
    private static NpgsqlConnectionStringBuilder? TryParse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    // Names the first keyword that is not accepted, when it stands before the password and so cannot be a part of it.
    private static string Explain(string connectionString)
    {
        foreach (string part in connectionString.Split(';'))
        {
            string keyword = part.Split('=')[0].Trim();
            if (keyword.StartsWith("pass", StringComparison.OrdinalIgnoreCase) || keyword.StartsWith("psw", StringComparison.OrdinalIgnoreCase)
                || keyword.StartsWith("pwd", StringComparison.OrdinalIgnoreCase) || !keyword.All(static c => char.IsLetter(c) || c is ' ' or '_'))
            {
                break;
            }

            if (keyword.Length > 0 && TryParse(part) is null)
                return part.Contains('=', StringComparison.Ordinal) ? $": keyword '{keyword}' is not known, or its value is not allowed" : "";
        }

        return "";
    }
}
