namespace Reliable;

/// <summary>
/// Judges the answer of a model call before it is returned and before it is charged. A rejected answer counts as a failed attempt.
/// </summary>
/// <remarks>
/// A property that is not set takes its value from the configuration section <c>Reliable:Validation</c>; a value under
/// <c>Reliable:Methods:&lt;Type&gt;.&lt;Method&gt;:Validation</c> overrides the attribute.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ValidateResponseAttribute : Attribute
{
    internal int? MinLengthOrNull { get; private set; }

    internal int? MinFollowUpLengthOrNull { get; private set; }

    internal ResponseRules? RulesOrNull { get; private set; }

    /// <summary>
    /// The fewest visible characters an answer needs; exactly this many are enough. Default: <c>Reliable:Validation:MinLength</c> (10).
    /// </summary>
    public int MinLength
    {
        get => MinLengthOrNull ?? 10;
        set => MinLengthOrNull = value;
    }

    /// <summary>
    /// The fewest visible characters that must follow the last tool output. Default: <c>Reliable:Validation:MinFollowUpLength</c> (1).
    /// </summary>
    public int MinFollowUpLength
    {
        get => MinFollowUpLengthOrNull ?? 1;
        set => MinFollowUpLengthOrNull = value;
    }

    /// <summary>The rules that apply. Default: <c>Reliable:Validation:Rules</c> (<see cref="ResponseRules.All"/>).</summary>
    public ResponseRules Rules
    {
        get => RulesOrNull ?? ResponseRules.All;
        set => RulesOrNull = value;
    }

    /// <summary>
    /// A class that implements <see cref="IResponseValidator{T}"/> or <see cref="IAsyncResponseValidator{T}"/> for the answer's type. It is asked
    /// after the built-in rules, taken from the service provider when it is registered there, and constructed without arguments otherwise.
    /// Default: none.
    /// </summary>
    public Type? Validator { get; set; }
}
