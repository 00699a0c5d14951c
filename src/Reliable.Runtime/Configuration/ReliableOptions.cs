using Reliable.Configuration;

namespace Reliable;

/// <summary>Everything that can be set under the configuration section <c>Reliable</c>. Checked on start; a change takes effect within a second.</summary>
public sealed class ReliableOptions
{
    /// <summary>
    /// Values for retries that fit together; single settings, attributes and the settings of single methods win over it.
    /// Default: <see cref="ReliablePreset.Production"/>.
    /// </summary>
    public ReliablePreset Preset
    {
        get;
        set
        {
            field = value;
            Retry.Use(RetryDefaults.Of(value));
        }
    }

    /// <summary>Whether Reliable acts, and for whom.</summary>
    public RolloutOptions Rollout { get; } = new();

    /// <summary>How often and when a failed attempt is repeated.</summary>
    public RetryOptions Retry { get; } = new();

    /// <summary>When an answer is good enough.</summary>
    public ValidationOptions Validation { get; } = new();

    /// <summary>How long a usage transaction may stay open.</summary>
    public TransactionOptions Transactions { get; } = new();

    /// <summary>How usage reaches the database.</summary>
    public UsageOptions Usage { get; } = new();

    /// <summary>How streamed answers are held back until they are proved valid.</summary>
    public StreamingOptions Streaming { get; } = new();

    /// <summary>When the state of the runtime is no longer healthy.</summary>
    public HealthOptions Health { get; } = new();

    /// <summary>
    /// Settings for single methods, by <c>Type.Method</c> in any case, as configuration keys are; they win over the method's attributes. In configuration: <c>Reliable:Methods:Type.Method:Retry:MaxRetries</c>.
    /// </summary>
    public IDictionary<string, MethodOptions> Methods { get; } = new Dictionary<string, MethodOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What could not be read from configuration, one sentence each; reported together with the values that are out of range.</summary>
    internal List<string> Mistakes { get; } = [];

    /// <summary>Keys below <c>Reliable</c> that are no settings; warned about.</summary>
    internal List<string> Strays { get; } = [];

    /// <summary>Keys whose value in the configuration has no effect because an environment name stands above it, one sentence each.</summary>
    internal List<string> Overridden { get; } = [];
}
