namespace Reliable.Infrastructure;

internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reliable-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
