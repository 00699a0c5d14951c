namespace Reliable.Postgres;

public sealed class PostgresMappedNoResetBehaviourTests(PostgresDatabase database) : PostgresMappedBehaviour(database, MappedVariant.NoReset);
