using Microsoft.Extensions.Configuration;

namespace Reliable.Hosting;

/// <summary>The configuration section that the options are read from.</summary>
internal sealed record ReliableSection(IConfiguration Section);
