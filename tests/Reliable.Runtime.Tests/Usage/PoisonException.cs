namespace Reliable.Usage;

/// <summary>A charge the store will never take.</summary>
internal sealed class PoisonException(string message) : Exception(message);
