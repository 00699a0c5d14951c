using Reliable.Postgres;

namespace Reliable;

/// <summary>Adds the PostgreSQL store.</summary>
public static class PostgresReliableBuilderExtensions
{
    /// <summary>
    /// Keeps counters in PostgreSQL: in tables of Reliable's own in schema <c>reliable</c>, or in the application's, see <see cref="PostgresOptions.MapTable"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string, in Npgsql's form.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">The connection string or the options are not valid; the message says what, without the password.</exception>
    public static ReliableBuilder UsePostgres(this ReliableBuilder builder, string connectionString, Action<PostgresOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PostgresOptions();
        configure?.Invoke(options);
        PostgresConnectionString.Parse(connectionString);
        options.Validate();
        return builder.UseStore(_ => new PostgresUsageStore(connectionString, options));
    }
}
