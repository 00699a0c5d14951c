using Microsoft.Extensions.Configuration;

namespace Reliable.Hosting;

/// <summary>A configuration source that a test changes and that announces each change, as a key vault or a settings service does.</summary>
internal sealed class ChangingSource : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Change(string key, string? value)
    {
        Set(key, value);
        OnReload();
    }
}
