using System.ComponentModel;

namespace Reliable.Calls;

/// <summary>Checks the members of one answer, or of a part of it. Generated code.</summary>
/// <typeparam name="T">The type whose members are checked.</typeparam>
/// <param name="value">The answer, or the part of it.</param>
/// <param name="check">Collects what is wrong.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void MemberRules<in T>(T value, ref MemberCheck check);
