using Microsoft.Extensions.Configuration;

namespace Reliable.Hosting;

/// <summary>Where the connection string comes from, so that a change of it can be followed.</summary>
/// <param name="ConnectionString">What it was when it was registered.</param>
/// <param name="Section">The key it was read from, where the application named it; otherwise it is looked for under <c>ConnectionStrings</c>.</param>
internal sealed record PostgresConnectionSource(string ConnectionString, IConfigurationSection? Section)
{
    /// <summary>The key to follow.</summary>
    /// <returns><see langword="null"/> when no key has this connection string, or several have: which of them is meant is not known then.</returns>
    public IConfigurationSection? Find(IConfiguration? configuration)
    {
        if (Section is not null)
        {
            return Section;
        }

        IConfigurationSection[] found = [.. (configuration?.GetSection("ConnectionStrings").GetChildren() ?? []).Where(each => each.Value == ConnectionString)];
        return found.Length == 1 ? found[0] : null;
    }
}
