namespace ChatQuota.Load;

/// <summary>How one question ended, as its asker saw it over HTTP.</summary>
/// <param name="UserId">Who asked.</param>
/// <param name="Status">The HTTP status; 0 when there was no reply.</param>
/// <param name="Attempts">How often the model was asked; 0 when it was not.</param>
/// <param name="Fallback">Whether the fallback gave the answer.</param>
internal readonly record struct CallResult(string UserId, int Status, int Attempts, bool Fallback);
