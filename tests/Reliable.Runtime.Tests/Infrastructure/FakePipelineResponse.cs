using System.ClientModel.Primitives;

namespace Reliable.Infrastructure;

/// <summary>An answer of a model service as its client library hands it on.</summary>
internal sealed class FakePipelineResponse(int status, params (string Name, string Value)[] headers) : PipelineResponse
{
    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; }

    public override BinaryData Content => BinaryData.FromString("");

    protected override PipelineResponseHeaders HeadersCore => new FakeHeaders(headers);

    public override BinaryData BufferContent(CancellationToken cancellationToken = default) => Content;

    public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => new(Content);

    public override void Dispose()
    {
    }

    private sealed class FakeHeaders((string Name, string Value)[] headers) : PipelineResponseHeaders
    {
        public override IEnumerator<KeyValuePair<string, string>> GetEnumerator()
            => headers.Select(header => KeyValuePair.Create(header.Name, header.Value)).GetEnumerator();

        public override bool TryGetValue(string name, out string? value)
        {
            value = headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }

        public override bool TryGetValues(string name, out IEnumerable<string>? values)
        {
            bool isFound = TryGetValue(name, out string? value);
            values = isFound ? [value!] : null;
            return isFound;
        }
    }
}
