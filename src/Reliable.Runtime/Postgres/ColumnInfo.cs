namespace Reliable.Postgres;

/// <summary>A column as the database's catalogue has it, and what the role may do with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The internal name of its type, of the type below it for a domain: <c>int4</c>, <c>varchar</c>.</param>
/// <param name="TypeName">Its type as people write it.</param>
/// <param name="CanSelect">Whether the role may read it.</param>
/// <param name="CanInsert">Whether the role may insert it.</param>
/// <param name="CanUpdate">Whether the role may update it.</param>
/// <param name="IsUnique">Whether a unique index has it as its only column.</param>
internal sealed record ColumnInfo(string Name, string Type, string TypeName, bool CanSelect, bool CanInsert, bool CanUpdate, bool IsUnique);
