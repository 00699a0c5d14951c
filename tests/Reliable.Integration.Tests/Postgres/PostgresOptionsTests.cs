using Microsoft.Extensions.DependencyInjection;
using Reliable.Usage;

namespace Reliable.Postgres;

public sealed class PostgresOptionsTests
{
    [Theory]
    [InlineData(null, "is empty. Is 'ConnectionStrings:Usage' set?")]
    [InlineData("  ", "is empty. Is 'ConnectionStrings:Usage' set?")]
    [InlineData("postgresql://app:secret-7@db/app?sslmode=require", "is a URI")]
    [InlineData("Host=db;Prot=5433;Password=secret-7", "keyword 'Prot' is not known, or its value is not allowed")]
    [InlineData("Host=db;Port=abc;Password=secret-7", "keyword 'Port' is not known, or its value is not allowed")]
    [InlineData("Host=db;Password=x;secret-7=y", "cannot be read. Expected")]
    [InlineData("secret-7", "cannot be read. Expected")]
    [InlineData("Username=app;Password=secret-7", "names no Host")]
    public void UsePostgres_WhenConnectionStringIsWrong_SaysWhatWithoutThePassword(string? connectionString, string expected)
    {
        var builder = new ReliableBuilder(new ServiceCollection());

        ArgumentException failure = Assert.Throws<ArgumentException>(() => builder.UsePostgres(connectionString!));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-7", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(builder.Services);
    }

    [Fact]
    public async Task UsePostgres_WhenOptionsAreRight_RegistersTheStore()
    {
        var builder = new ReliableBuilder(new ServiceCollection());

        builder.UsePostgres("Host=db", static o => o.MapTable("User", static t => (t.UserId, t.Used) = ("id", "used")));

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        IUsageStore store = services.GetRequiredService<IUsageStore>();
        Assert.Equal(("PostgreSQL", 128), (store.Name, store.MaxBatchSize));
    }

    [Fact]
    public void UsePostgres_WhenOptionsAreWrong_NamesEveryMistake()
    {
        var builder = new ReliableBuilder(new ServiceCollection());

        ArgumentException failure = Assert.Throws<ArgumentException>(() => builder.UsePostgres("Host=db", static o =>
        {
            o.Schema = "pg_mine";
            o.CommandTimeout = TimeSpan.FromMilliseconds(10);
            o.ReadConnections = 0;
            o.MapTable("User", static t => (t.UserId, t.Used) = ("id", "id"));
            o.MapTable("Other", static t => t.Schema = "");
        }));

        foreach (string expected in (string[])[
            "Schema is 'pg_mine'", "CommandTimeout is '00:00:00.0100000'", "ReadConnections is '0'", "Table 'User' names a column twice: 'id', 'id'",
            "Table 'Other' has an empty Schema", "Table 'Other' has no UserId", "Table 'Other' has no Used", "Counter 'requests' is mapped 2 times"])
        {
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("postgres-managed.sql")]
    [InlineData("postgres-mapped.sql")]
    public void Scripts_WhenComparedToTheDocumentation_AreTheSame(string file)
    {
        string expected = file == "postgres-managed.sql" ? PostgresScripts.Managed() : PostgresScripts.Mapped();
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Reliable.sln")))
            root = Path.GetDirectoryName(root);

        Assert.Equal(expected, File.ReadAllText(Path.Combine(root!, "docs", "sql", file)));
    }
}
