namespace ChatQuota.Api;

/// <summary>Which user ids the API takes.</summary>
internal static class UserIds
{
    /// <summary>What is wrong with a user id, or <see langword="null"/> when nothing is.</summary>
    public static string? Check(string? userId)
    {
        if (string.IsNullOrWhiteSpace(userId))
        {
            return "A user id is required.";
        }

        if (userId.Length > ChatSettings.MaxUserIdLength)
        {
            return $"The user id has {userId.Length} characters. Allowed: at most {ChatSettings.MaxUserIdLength}.";
        }

        return userId.Any(char.IsControl) ? "The user id contains a control character." : null;
    }
}
