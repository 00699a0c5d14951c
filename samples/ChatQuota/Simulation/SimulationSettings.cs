using System.Globalization;

namespace ChatQuota.Simulation;

/// <summary>How the simulated model behaves: configuration section <c>SimulatedModel</c>.</summary>
internal sealed class SimulationSettings
{
    public const string Section = "SimulatedModel";

    /// <summary>The same seed gives the same answers to the same questions, whatever the order in which they arrive.</summary>
    public int Seed { get; init; } = 1;

    public TimeSpan MinLatency { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan MaxLatency { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>How long a slow answer takes.</summary>
    public TimeSpan SlowDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stream takes from one part of the answer to the next.</summary>
    public TimeSpan ChunkDelay { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>What the header Retry-After of a 429 says, in whole seconds.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of requests that get each behaviour, 0 to 1; what is left over gets good answers.</summary>
    public IReadOnlyDictionary<Behaviour, double> Rates { get; private set; } = new Dictionary<Behaviour, double>();

    /// <exception cref="InvalidOperationException">A value is wrong; the message names its key.</exception>
    public static SimulationSettings Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        SimulationSettings settings = section.Get<SimulationSettings>() ?? new SimulationSettings();
        settings.Rates = section.GetSection(nameof(Rates)).GetChildren().ToDictionary(ReadBehaviour, ReadRate);
        double sum = settings.Rates.Values.Sum();
        Require(sum <= 1.000_001, "Rates", sum, "rates that add up to 1 at most");
        Require(settings.MinLatency >= TimeSpan.Zero, nameof(MinLatency), settings.MinLatency, "zero or longer");
        Require(settings.MaxLatency >= settings.MinLatency, nameof(MaxLatency), settings.MaxLatency, "at least the minimum");
        Require(settings.SlowDelay >= TimeSpan.Zero, nameof(SlowDelay), settings.SlowDelay, "zero or longer");
        Require(settings.ChunkDelay >= TimeSpan.Zero, nameof(ChunkDelay), settings.ChunkDelay, "zero or longer");
        Require(settings.RetryAfter >= TimeSpan.Zero, nameof(RetryAfter), settings.RetryAfter, "zero or longer");
        return settings;
    }

    private static Behaviour ReadBehaviour(IConfigurationSection rate)
    {
        bool isKnown = Enum.TryParse(rate.Key, ignoreCase: true, out Behaviour behaviour) && Enum.IsDefined(behaviour);
        Require(isKnown, $"{nameof(Rates)}:{rate.Key}", $"{rate.Value}", $"the names {string.Join(", ", Enum.GetNames<Behaviour>())}");
        return behaviour;
    }

    private static double ReadRate(IConfigurationSection rate)
    {
        bool isShare = double.TryParse(rate.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1;
        Require(isShare, $"{nameof(Rates)}:{rate.Key}", $"{rate.Value}", "a number from 0 to 1");
        return share;
    }

    private static void Require(bool condition, string key, object value, string allowed)
    {
        if (!condition)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'{Section}:{key}' is '{value}'. Allowed: {allowed}."));
        }
    }
}
