namespace ChatQuota.Model;

/// <summary>Where the model is. Read from <c>OPENAI_BASE_URL</c>, <c>OPENAI_API_KEY</c> and <c>OPENAI_MODEL</c>.</summary>
internal sealed record ModelSettings(Uri BaseUrl, string ApiKey, string Model, TimeSpan Timeout)
{
    private const string BaseUrlName = "OPENAI_BASE_URL";
    private const string ApiKeyName = "OPENAI_API_KEY";
    private const string ModelName = "OPENAI_MODEL";

    /// <summary>The external model, or <see langword="null"/> when none is named and the simulated one is to be used.</summary>
    /// <remarks>
    /// The address decides: many people have an API key in their environment, and nobody wants the first run of a sample to spend money with it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The address is there and something else is missing or wrong.</exception>
    public static ModelSettings? Read(IConfiguration configuration)
    {
        string? baseUrl = configuration[BaseUrlName];
        if (string.IsNullOrWhiteSpace(baseUrl))
        {
            return null;
        }

        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new InvalidOperationException($"'{BaseUrlName}' is '{baseUrl}'. It must be an absolute http or https address, such as 'http://localhost:8000/v1'.");
        }

        return new ModelSettings(address, Required(configuration, ApiKeyName), Required(configuration, ModelName), ReadTimeout(configuration));
    }

    /// <summary>How long the client waits for the network before it calls an attempt failed.</summary>
    public static TimeSpan ReadTimeout(IConfiguration configuration)
    {
        TimeSpan timeout = configuration.GetValue("ChatQuota:ModelTimeout", TimeSpan.FromMinutes(1));
        return timeout > TimeSpan.Zero
            ? timeout
            : throw new InvalidOperationException($"'ChatQuota:ModelTimeout' is '{timeout}'. It must be longer than zero, such as '00:01:00'.");
    }

    private static string Required(IConfiguration configuration, string name)
        => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new InvalidOperationException(
                $"'{BaseUrlName}' is set and '{name}' is not. Set '{BaseUrlName}', '{ApiKeyName}' and '{ModelName}' together, or none of them to use the simulated model.");
}
