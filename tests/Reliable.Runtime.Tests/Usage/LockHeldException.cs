namespace Reliable.Usage;

/// <summary>Somebody else holds a row the batch needs.</summary>
internal sealed class LockHeldException() : Exception("canceling statement due to lock timeout");
