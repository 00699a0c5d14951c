namespace Reliable.Rollout;

/// <summary>Decides for a user and a model whether Reliable acts: Mode, DisabledUsers, DisabledModels, TestUsers, ActiveHours, Percent, in this order.</summary>
internal sealed class RolloutGate
{
    private readonly RolloutMode _mode;
    private readonly bool _isUnconditional;
    private readonly HashSet<string> _disabledUsers;
    private readonly HashSet<string> _disabledModels;
    private readonly HashSet<string> _testUsers;
    private readonly ActiveHours? _hours;
    private readonly TimeZoneInfo _zone;
    private readonly int? _percent;
    private readonly TimeProvider _time;

    public RolloutGate(RolloutOptions options, TimeProvider time)
    {
        _mode = options.Mode;
        _disabledUsers = new HashSet<string>(options.DisabledUsers, StringComparer.Ordinal);
        _disabledModels = new HashSet<string>(options.DisabledModels, StringComparer.OrdinalIgnoreCase);
        _testUsers = new HashSet<string>(options.TestUsers, StringComparer.Ordinal);
        _hours = options.ActiveHours is { } text && ActiveHours.TryParse(text, out ActiveHours hours) ? hours : null;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        _percent = options.Percent;
        _time = time;
        _isUnconditional = _mode == RolloutMode.Off
            || (_disabledUsers.Count == 0 && _disabledModels.Count == 0 && _hours is null && _percent is null or >= 100);
    }

    public RolloutMode Mode => _mode;

    /// <summary>What applies to one call.</summary>
    /// <param name="userId">The user; <see langword="null"/> for a method that names none: it has no bucket, and is in at 100 % only.</param>
    /// <param name="modelId">The model, or <see langword="null"/>.</param>
    public RolloutMode Decide(string? userId, string? modelId) => _isUnconditional ? _mode : DecideEach(userId, modelId);

    private RolloutMode DecideEach(string? userId, string? modelId)
    {
        if (userId is not null && _disabledUsers.Contains(userId))
        {
            return RolloutMode.Off;
        }

        if (modelId is not null && _disabledModels.Contains(modelId))
        {
            return RolloutMode.Off;
        }

        if (userId is not null && _testUsers.Contains(userId))
        {
            return _mode;
        }

        if (_hours is { } hours && !hours.Contains(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _zone).DateTime)))
        {
            return RolloutMode.Off;
        }

        bool isIn = _percent switch
        {
            null or >= 100 => true,
            <= 0 => false,
            { } percent => userId is not null && Bucket.Of(userId) < percent,
        };
        return isIn ? _mode : RolloutMode.Off;
    }
}
