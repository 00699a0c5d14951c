namespace Reliable.Faults;

/// <summary>Ids in a file, each written at once, so that they outlive a process that is killed. A torn last one was not written.</summary>
internal sealed class AnswerLog : IDisposable
{
    public const int RecordSize = 16 + sizeof(int);

    private readonly Lock _lock = new();
    private readonly FileStream _file;

    public AnswerLog(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public static IEnumerable<(Guid Id, int User)> Read(string path)
        => File.ReadAllBytes(path).Chunk(RecordSize).Where(static record => record.Length == RecordSize)
            .Select(static record => (new Guid(record.AsSpan(0, 16)), BitConverter.ToInt32(record, 16)));

    public void Add(string transactionId, int user)
    {
        byte[] record = [.. Guid.ParseExact(transactionId["txn-".Length..], "N").ToByteArray(), .. BitConverter.GetBytes(user)];
        lock (_lock)
            _file.Write(record);
    }

    public void Dispose() => _file.Dispose();
}
