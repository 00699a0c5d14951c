namespace Reliable.Usage;

/// <summary>What the committer takes from the configuration in force.</summary>
internal sealed record CommitterSettings(CommitMode Mode, long CommitTimeoutMs, long RefreshAfterMs, UsageTerms Terms);
