using Reliable.Calls;

namespace Reliable.Infrastructure;

/// <summary>The attributes of one method, as generated code passes them.</summary>
internal static class Policies
{
    public const string Operation = "Assistant.AskAsync";

    public static RetryAttribute Retry => new();

    public static ValidateResponseAttribute Validate => new();

    public static UsageTransactionAttribute Usage => new();

    /// <summary>All three attributes without arguments.</summary>
    public static CallPolicy All() => CallPolicy.Create(Operation, Retry, Validate, Usage);

    public static CallPolicy All(Action<RetryAttribute> retry)
    {
        RetryAttribute attribute = Retry;
        retry(attribute);
        return CallPolicy.Create(Operation, attribute, Validate, Usage);
    }
}
