namespace Reliable.Postgres;

public sealed class PostgresMappedTextBehaviourTests(PostgresDatabase database) : PostgresMappedBehaviour(database, MappedVariant.Text);
