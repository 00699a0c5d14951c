namespace Reliable.Generator;

/// <summary>The names of the pipeline's stages, as the driver's step tracking shows them.</summary>
internal static class TrackingNames
{
    /// <summary>What was read from a method, with the diagnostics about it.</summary>
    public const string Parsed = "Reliable.Parsed";

    /// <summary>The models of partial methods: plain data.</summary>
    public const string Wrappers = "Reliable.Wrappers";

    /// <summary>The models of interfaces: plain data.</summary>
    public const string Decorators = "Reliable.Decorators";

    /// <summary>The diagnostics, with their real locations.</summary>
    public const string Diagnostics = "Reliable.Diagnostics";
}
