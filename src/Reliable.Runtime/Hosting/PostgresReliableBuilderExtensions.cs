using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Reliable.Hosting;
using Reliable.Postgres;

namespace Reliable;

/// <summary>Adds the PostgreSQL store.</summary>
public static class PostgresReliableBuilderExtensions
{
    /// <summary>
    /// Keeps counters in PostgreSQL: in tables of Reliable's own in schema <c>reliable</c>, or in the application's, see <see cref="PostgresOptions.MapTable"/>.
    /// </summary>
    /// <remarks>
    /// Where the connection string is the value of one key under <c>ConnectionStrings</c> of the application's configuration, a change of that key, such as
    /// of the password, is followed while the application runs: see <see cref="PostgresUsageStore.ReconnectAsync"/>.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string, in Npgsql's form.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">The connection string or the options are not valid; the message says what, without the password.</exception>
    public static ReliableBuilder UsePostgres(this ReliableBuilder builder, string connectionString, Action<PostgresOptions>? configure = null)
        => Use(builder, connectionString, section: null, configure);

    /// <summary>As <see cref="UsePostgres(ReliableBuilder, string, Action{PostgresOptions}?)"/>, with the connection string of any configuration key.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The key with the connection string, such as <c>configuration.GetSection("ConnectionStrings:Usage")</c>; a change of it is followed while the application runs.
    /// </param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">The connection string or the options are not valid; the message says what, without the password.</exception>
    public static ReliableBuilder UsePostgres(
        this ReliableBuilder builder, IConfigurationSection connectionString, Action<PostgresOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return Use(builder, connectionString.Value, connectionString, configure);
    }

    private static ReliableBuilder Use(
        ReliableBuilder builder, string? connectionString, IConfigurationSection? section, Action<PostgresOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PostgresOptions();
        configure?.Invoke(options);
        PostgresConnectionString.Parse(connectionString);
        options.Validate();
        builder.Services.RemoveAll<PostgresConnectionSource>();
        builder.Services.AddSingleton(new PostgresConnectionSource(connectionString!, section));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostgresConnectionFollower>());
        return builder.UseStore(_ => new PostgresUsageStore(connectionString!, options));
    }
}
