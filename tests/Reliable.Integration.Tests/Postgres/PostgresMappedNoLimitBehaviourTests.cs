namespace Reliable.Postgres;

public sealed class PostgresMappedNoLimitBehaviourTests(PostgresDatabase database) : PostgresMappedBehaviour(database, MappedVariant.NoLimit);
