namespace ChatQuota.Api;

/// <summary>The command <c>serve</c>.</summary>
internal static class Server
{
    /// <summary>Runs the API and the page until stopped.</summary>
    /// <param name="urls">The addresses, or <see langword="null"/> to take them from the configuration.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    public static async Task<int> RunAsync(string? urls, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> overrides = [];
        if (urls is not null)
        {
            overrides["urls"] = urls;
        }

        try
        {
            await using WebApplication app = ChatApi.Build(overrides);
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (StartFailure.Explains(exception))
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
