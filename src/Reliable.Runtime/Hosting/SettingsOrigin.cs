using Microsoft.Extensions.Configuration;

namespace Reliable.Hosting;

/// <summary>The configuration that an application passed to <c>AddReliable</c>.</summary>
internal sealed record SettingsOrigin(IConfiguration Configuration);
