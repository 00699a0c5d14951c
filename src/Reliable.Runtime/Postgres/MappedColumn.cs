namespace Reliable.Postgres;

/// <summary>A column that a mapping names.</summary>
/// <param name="Setting">The property of <see cref="MappedTable"/> that names it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Suggestion">The type a script gives it where it is missing.</param>
/// <param name="IsWritten">Whether Reliable changes it.</param>
internal sealed record MappedColumn(string Setting, string Name, string Suggestion, bool IsWritten);
