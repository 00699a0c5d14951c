namespace ChatQuota.Api;

/// <summary>A piece of the answer.</summary>
internal sealed record ChatText(string Text);

/// <summary>The assistant is asked again.</summary>
internal sealed record ChatRetry(int Attempt, int MaxAttempts, bool Fallback);

/// <summary>The answer is complete, and counted.</summary>
internal sealed record ChatEnd(int Attempts, bool Fallback, UsageView Usage);
