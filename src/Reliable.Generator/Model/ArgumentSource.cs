namespace Reliable.Generator.Model;

/// <summary>Where an argument inside a lambda comes from.</summary>
internal enum ArgumentSource
{
    /// <summary>An element of the state: what the caller passed.</summary>
    State,

    /// <summary>The attempt's context.</summary>
    Attempt,

    /// <summary>The attempt's cancellation token.</summary>
    Token,
}
