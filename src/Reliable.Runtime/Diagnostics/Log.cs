using Microsoft.Extensions.Logging;

namespace Reliable.Diagnostics;

/// <summary>The log lines. Their texts, names and event ids are relied upon by log queries: they are added to, not changed.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "[Transaction] Begin: {TransactionId} (user: {UserId}, allowed: {Allowed})")]
    public static partial void TransactionBegan(ILogger logger, string transactionId, string userId, bool allowed);

    [LoggerMessage(1001, LogLevel.Debug, "[Transaction] Committed: {TransactionId} (user: {UserId}, newUsage: {Used}/{Limit})")]
    public static partial void TransactionCommitted(ILogger logger, string transactionId, string userId, long used, string limit);

    [LoggerMessage(1002, LogLevel.Information, "[Transaction] Rolled back: {TransactionId} (user: {UserId}, reason: {Reason})")]
    public static partial void TransactionRolledBack(ILogger logger, string transactionId, string userId, string reason);

    [LoggerMessage(1003, LogLevel.Information, "[Transaction] Cleanup: {Expired} expired, {Active} active")]
    public static partial void TransactionCleanup(ILogger logger, int expired, int active);

    [LoggerMessage(1100, LogLevel.Warning, "[Retry] Attempt {Attempt}/{MaxAttempts} for {CorrelationId} (reason: {Reason})")]
    public static partial void RetryAttempt(ILogger logger, int attempt, int maxAttempts, string correlationId, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "[Retry] Fallback attempt for {CorrelationId}")]
    public static partial void FallbackAttempt(ILogger logger, string correlationId);

    [LoggerMessage(
        1102,
        LogLevel.Information,
        "[Retry] Complete: chatId={CorrelationId}, success={Success}, attempts={Attempts}, duration={DurationMs}ms, fallback={Fallback}")]
    public static partial void RetryComplete(ILogger logger, string correlationId, bool success, int attempts, long durationMs, bool fallback);

    [LoggerMessage(1200, LogLevel.Warning, "[Validation] Invalid response: {Reason} ({Length} chars, {MessageCount} messages)")]
    public static partial void InvalidResponse(ILogger logger, string reason, int length, int messageCount);

    [LoggerMessage(1300, LogLevel.Error, "[Error] Retry failed after {Attempts} attempts: {CorrelationId}")]
    public static partial void RetryFailed(ILogger logger, int attempts, string correlationId);

    [LoggerMessage(1301, LogLevel.Error, "[Error] Transaction commit failed: {TransactionId} ({Reason})")]
    public static partial void CommitFailed(ILogger logger, string transactionId, string reason);

    [LoggerMessage(1302, LogLevel.Warning, "[Usage] {Store} did not take {Charges} charges and is asked again under the same ids ({Reason})")]
    public static partial void StoreFailed(ILogger logger, Exception exception, string store, int charges, string reason);

    [LoggerMessage(1303, LogLevel.Information, "[Usage] {Store} takes charges again after {Failures} failures")]
    public static partial void StoreRecovered(ILogger logger, string store, int failures);

    [LoggerMessage(1304, LogLevel.Error, "[Usage] {Store} cannot be read; calls go on with what is known of user {UserId} ({Reason})")]
    public static partial void StoreNotReadable(ILogger logger, Exception exception, string store, string userId, string reason);

    [LoggerMessage(1305, LogLevel.Warning, "[Usage] {Count} charges are still on their way at the end of the shutdown deadline")]
    public static partial void ShutdownIncomplete(ILogger logger, int count);

    [LoggerMessage(1306, LogLevel.Information, "[Usage] {Count} charges of an earlier run are replayed from the journal")]
    public static partial void JournalReplayed(ILogger logger, int count);

    [LoggerMessage(1307, LogLevel.Error, "[Usage] The journal in '{Path}' cannot be written: new calls are refused until it can ({Reason})")]
    public static partial void JournalNotWritable(ILogger logger, string path, string reason);

    [LoggerMessage(1308, LogLevel.Warning, "[Usage] User {UserId} is not in {Store} any more; the answer of {TransactionId} is not counted")]
    public static partial void UserVanished(ILogger logger, string userId, string store, string transactionId);

    [LoggerMessage(1309, LogLevel.Error, "[Usage] {Store} cannot be reached; calls go on and their charges wait ({Reason})")]
    public static partial void StoreNotReady(ILogger logger, Exception exception, string store, string reason);

    [LoggerMessage(1310, LogLevel.Warning, "[Usage] A journal of an earlier run ends in a record that cannot be read; what stands before it is replayed, and '{Path}' is kept")]
    public static partial void JournalDamaged(ILogger logger, string path);

    [LoggerMessage(1320, LogLevel.Information, "[Usage] PostgreSQL: a change of '{Key}' is followed while the application runs")]
    public static partial void ConnectionFollowed(ILogger logger, string key);

    [LoggerMessage(1321, LogLevel.Information, "[Usage] PostgreSQL: the changed '{Key}' is in force; connections of the one before are closed when they are returned")]
    public static partial void ConnectionReplaced(ILogger logger, string key);

    [LoggerMessage(1322, LogLevel.Error, "[Usage] PostgreSQL: the changed '{Key}' is not taken, the one before stays in force: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string key, string reason);

    [LoggerMessage(
        1323,
        LogLevel.Information,
        "[Usage] PostgreSQL: a change of the connection string is not followed, because not exactly one key under 'ConnectionStrings' has it; pass the key to UsePostgres")]
    public static partial void ConnectionNotFollowed(ILogger logger);

    [LoggerMessage(
        1350,
        LogLevel.Information,
        "[Usage] Audit of {Counters} counters and {Charges} charges on {Day}: {Findings} findings, complete: {IsComplete}")]
    public static partial void Audited(ILogger logger, long counters, long charges, DateOnly day, int findings, bool isComplete);

    [LoggerMessage(1351, LogLevel.Warning, "[Usage] Repaired {Subject} of counter {Counter} of user {UserId}: from {From} to {To}, because of {Kind} {TransactionId}")]
    public static partial void Repaired(
        ILogger logger, string subject, string counter, string userId, string from, string to, string kind, string transactionId);

    [LoggerMessage(1352, LogLevel.Information, "[Usage] {Count} charges older than {Age} are deleted from the ledger")]
    public static partial void LedgerPurged(ILogger logger, long count, TimeSpan age);

    [LoggerMessage(1353, LogLevel.Warning, "[Usage] Old charges cannot be deleted from the ledger of {Store}; this is tried again within two hours ({Reason})")]
    public static partial void PurgeFailed(ILogger logger, Exception exception, string store, string reason);

    [LoggerMessage(1354, LogLevel.Warning, "[Usage] The ledger of {Store} is not purged until the next start: {Reason}")]
    public static partial void PurgeNotPossible(ILogger logger, string store, string reason);

    [LoggerMessage(
        1355,
        LogLevel.Error,
        "[Usage] {Count} charges of an earlier run are older than 'Reliable:Usage:LedgerRetention' ({Retention}) and are not replayed, because they may have been "
        + "counted and forgotten; they are kept in '{Path}'")]
    public static partial void ReplayRefused(ILogger logger, int count, TimeSpan retention, string path);

    [LoggerMessage(1400, LogLevel.Information, "[Reliable] {Mode}: {Settings}")]
    public static partial void InForce(ILogger logger, RolloutMode mode, string settings);

    [LoggerMessage(1401, LogLevel.Warning, "[Reliable] {Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(1402, LogLevel.Error, "[Reliable] The changed configuration is not taken, the one before stays in force: {Mistakes}")]
    public static partial void ReloadRefused(ILogger logger, string mistakes);

    [LoggerMessage(1403, LogLevel.Information, "[Reliable] {Note}")]
    public static partial void ConfigurationNote(ILogger logger, string note);

    [LoggerMessage(1600, LogLevel.Error, "[Stream] Late failure: {CorrelationId} ({Reason}, {Updates} updates shown)")]
    public static partial void StreamFailedLate(ILogger logger, string correlationId, string reason, int updates);

    [LoggerMessage(1601, LogLevel.Warning, "[Stream] Released without proof: {CorrelationId} (held {Updates} updates)")]
    public static partial void StreamReleasedUnproved(ILogger logger, string correlationId, int updates);

    [LoggerMessage(1602, LogLevel.Information, "[Stream] Left early: {CorrelationId} (charged: {Charged}, {Updates} updates shown)")]
    public static partial void StreamLeft(ILogger logger, string correlationId, bool charged, int updates);

    [LoggerMessage(1603, LogLevel.Warning, "[Stream] The model's stream could not be closed: {CorrelationId} ({Reason})")]
    public static partial void StreamNotClosed(ILogger logger, Exception exception, string correlationId, string reason);

    [LoggerMessage(1500, LogLevel.Information, "[Observe] {Operation} for {CorrelationId} would {Verdict}")]
    public static partial void Observed(ILogger logger, string operation, string correlationId, string verdict);

    [LoggerMessage(
        1501,
        LogLevel.Information,
        "[Observe] So far: {Calls} calls, {Retried} would be retried, {NotCharged} not charged as they were; counters would be {Least} to {Most} lower")]
    public static partial void ObservedSoFar(ILogger logger, long calls, long retried, long notCharged, long least, long most);

    [LoggerMessage(1700, LogLevel.Warning, "[Health] {Rule} holds: {Finding}")]
    public static partial void HealthRuleHolds(ILogger logger, HealthRule rule, string finding);

    [LoggerMessage(1701, LogLevel.Warning, "[Health] {Rule} holds no more (model: {Model})")]
    public static partial void HealthRuleCeased(ILogger logger, HealthRule rule, string model);
}
