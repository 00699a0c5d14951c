using System.Reflection;
using System.Runtime.CompilerServices;
using Reliable.Infrastructure;

namespace Reliable.Architecture;

/// <summary>
/// Keeps the directions in which the parts of the runtime know each other. A part is a folder of src/Reliable.Runtime; a type in plain <c>Reliable</c> belongs to
/// the folder its file is in. One pair knows each other on purpose: Calls and Configuration (one configuration keeps the policies bound under it). An arrow that is
/// missing here is missing on purpose: add it together with its reason.
/// </summary>
public sealed class ArrowTests
{
    private const string Root = "(root)";

    private static readonly Assembly s_runtime = typeof(ReliableRuntime).Assembly;
    private static readonly Assembly s_abstractions = typeof(RetryAttribute).Assembly;

    private static readonly IReadOnlyDictionary<string, string> s_folders = Directory
        .EnumerateFiles(Repository.PathOf("src", "Reliable.Runtime"), "*.cs", SearchOption.AllDirectories)
        .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .ToDictionary(static path => Path.GetFileNameWithoutExtension(path), FolderOf);

    private static readonly ILookup<string, string> s_arrows = Arrows();

    [Theory]
    [InlineData("Transactions", "")]
    [InlineData("Rollout", "Configuration")]
    [InlineData("Diagnostics", "Configuration, Microsoft.Extensions.AI.Abstractions, Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions, Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Validation", "Configuration, Microsoft.Extensions.AI.Abstractions")]
    [InlineData("Postgres", "Usage, Npgsql")]
    [InlineData("Usage", "Transactions, Configuration, Diagnostics, (root), Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Retry", "Configuration, Polly.Core, System.ClientModel")]
    [InlineData("Streaming", "Retry, Validation, Configuration, Microsoft.Extensions.AI.Abstractions")]
    [InlineData("Calls", "Retry, Validation, Streaming, Transactions, Usage, Rollout, Configuration, Diagnostics, (root), Polly.Core")]
    [InlineData("Configuration", "Calls, Rollout, Usage, (root), Microsoft.Extensions.Configuration.Abstractions, Microsoft.Extensions.Options")]
    [InlineData(Root, "Calls, Configuration, Diagnostics, Transactions, Usage, Microsoft.Extensions.Logging.Abstractions, Microsoft.Extensions.Options, Polly.Core")]
    public void Part_WhenCompiled_KnowsOnlyWhatItMay(string part, string allowed)
        => Assert.Empty(s_arrows[part].Except(allowed.Split(", ")));

    [Fact]
    public void Parts_WhenCompiled_AreAllBoundByARule()
    {
        IEnumerable<object?> ruled = typeof(ArrowTests).GetMethod(nameof(Part_WhenCompiled_KnowsOnlyWhatItMay))!
            .GetCustomAttributes<InlineDataAttribute>()
            .Select(static row => row.Data[0]);
        Assert.Equal(["Hosting"], s_arrows.Select(static part => part.Key).Except(ruled));
    }

    [Fact]
    public void Hosting_WhenCompiled_IsKnownByNobody()
        => Assert.DoesNotContain(s_arrows, static part => part.Contains("Hosting"));

    [Fact]
    public void Npgsql_WhenCompiled_IsKnownByPostgresAndHostingOnly()
        => Assert.Empty(s_arrows.Where(static part => part.Contains("Npgsql")).Select(static part => part.Key).Except(["Postgres", "Hosting"]));

    // The binder sets properties by reflection, which trimming and compilation ahead of time cannot follow.
    [Fact]
    public void ConfigurationBinder_WhenCompiled_IsKnownByNobody()
        => Assert.DoesNotContain(s_runtime.GetReferencedAssemblies(), static name => name.Name == "Microsoft.Extensions.Configuration.Binder");

    [Fact]
    public void DependencyInjection_WhenCompiled_IsKnownByHostingOnly()
        => Assert.Equal(["Hosting"], s_arrows.Where(static part => part.Contains("Microsoft.Extensions.DependencyInjection.Abstractions")).Select(static part => part.Key));

    [Fact]
    public void Abstractions_WhenCompiled_ReferencesTheBaseClassLibraryOnly()
        => Assert.All(
            s_abstractions.GetReferencedAssemblies(),
            static name => Assert.True(IsBaseClassLibrary(Assembly.Load(name)), $"Reliable.Abstractions references '{name.Name}'."));

    private static ILookup<string, string> Arrows()
        => s_runtime.GetTypes()
            .Where(static type => PartOf(type) is not null)
            .SelectMany(static type => TypeReferences.Of(type).Select(known => (From: PartOf(type)!, To: TargetOf(known))))
            .Where(static arrow => arrow.To is not null && arrow.To != arrow.From)
            .Distinct()
            .ToLookup(static arrow => arrow.From, static arrow => arrow.To!);

    private static string? TargetOf(Type type)
        => type.Assembly == s_runtime ? PartOf(type) : PackageOf(type.Assembly);

    private static string? PackageOf(Assembly assembly)
    {
        string name = assembly.GetName().Name!;
        return assembly == s_abstractions || IsBaseClassLibrary(assembly) ? null : name;
    }

    private static bool IsBaseClassLibrary(Assembly assembly)
        => Path.GetDirectoryName(assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static string? PartOf(Type type)
    {
        Type outer = type;
        while (outer.DeclaringType is { } declaring)
            outer = declaring;
        if (outer.Namespace is not { } space || !space.StartsWith("Reliable", StringComparison.Ordinal) || outer.IsDefined(typeof(CompilerGeneratedAttribute), false))
            return null;
        return space == "Reliable" ? s_folders[outer.Name.Split('`')[0]] : space["Reliable.".Length..];
    }

    private static string FolderOf(string path)
    {
        string folder = Path.GetRelativePath(Repository.PathOf("src", "Reliable.Runtime"), Path.GetDirectoryName(path)!);
        return folder == "." ? Root : folder;
    }
}
