namespace Reliable.Postgres;

public sealed class PostgresMappedNumbersBehaviourTests(PostgresDatabase database) : PostgresMappedBehaviour(database, MappedVariant.Numbers);
