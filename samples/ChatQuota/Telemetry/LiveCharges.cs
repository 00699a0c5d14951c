namespace ChatQuota.Telemetry;

/// <summary>What became of the transactions.</summary>
internal sealed record LiveCharges(long Charged, long NotCharged, long Refunded, long Expired, long Late, long Journaled);
