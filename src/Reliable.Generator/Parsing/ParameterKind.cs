namespace Reliable.Generator.Parsing;

/// <summary>What a parameter is for.</summary>
internal enum ParameterKind
{
    /// <summary>The call's own: kept in the state and passed again.</summary>
    Ordinary,

    Attempt,

    Token,

    Progress,

    Runtime,
}
