namespace Reliable.Configuration;

/// <summary>One environment name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Key">The key below <c>Reliable</c> it sets.</param>
/// <param name="Allowed">What it may hold, in words.</param>
/// <param name="Convert">Turns its value into the key's form; <see langword="null"/> when it cannot.</param>
internal sealed record EnvironmentName(string Name, string Key, string Allowed, Func<string, string?> Convert);
