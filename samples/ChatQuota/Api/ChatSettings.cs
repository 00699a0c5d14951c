namespace ChatQuota.Api;

/// <summary>What the API accepts: configuration section <c>ChatQuota</c>.</summary>
internal sealed record ChatSettings(int MaxMessageLength)
{
    public const int MaxUserIdLength = 100;

    /// <exception cref="InvalidOperationException">A value is wrong; the message names its key.</exception>
    public static ChatSettings Read(IConfiguration configuration)
    {
        int length = configuration.GetValue("ChatQuota:MaxMessageLength", 16_000);
        return length is >= 1 and <= 1_000_000
            ? new ChatSettings(length)
            : throw new InvalidOperationException($"'ChatQuota:MaxMessageLength' is '{length}'. Allowed: 1 to 1000000.");
    }
}
