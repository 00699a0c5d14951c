using System.Data.Common;
using Microsoft.Extensions.Options;
using Reliable.Usage;

namespace ChatQuota.Api;

/// <summary>Which failures to start are explained by their message alone: a setting, an address or a database that is not as it should be.</summary>
internal static class StartFailure
{
    public static bool Explains(Exception exception)
        => exception is OptionsValidationException or UsageStoreException or InvalidOperationException or IOException or DbException or FormatException or ArgumentException;
}
