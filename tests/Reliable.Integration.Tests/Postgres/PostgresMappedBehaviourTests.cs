namespace Reliable.Postgres;

public sealed class PostgresMappedBehaviourTests(PostgresDatabase database) : PostgresMappedBehaviour(database, MappedVariant.User);
