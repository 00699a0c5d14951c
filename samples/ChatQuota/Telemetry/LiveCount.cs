namespace ChatQuota.Telemetry;

/// <summary>How often something happened.</summary>
internal sealed record LiveCount(string Name, long Count);
