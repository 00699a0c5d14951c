namespace Reliable;

/// <summary>A rule that holds.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Model">The model it holds for, or <see langword="null"/> for a rule about everything.</param>
/// <param name="Message">One sentence for people: what is measured, and what it may be.</param>
public sealed record HealthFinding(HealthRule Rule, string? Model, string Message);
