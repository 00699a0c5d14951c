namespace Reliable;

/// <summary>When an answer is good enough. An attribute on the method overrides single values.</summary>
public sealed class ValidationOptions
{
    /// <summary>The fewest visible characters an answer needs, 0 or more; exactly this many are enough. Default: 10.</summary>
    public int MinLength { get; set; } = 10;

    /// <summary>The fewest visible characters that must follow the last tool output, 0 or more. Default: 1.</summary>
    public int MinFollowUpLength { get; set; } = 1;

    /// <summary>The rules that apply. Default: <see cref="ResponseRules.All"/>.</summary>
    public ResponseRules Rules { get; set; } = ResponseRules.All;
}
