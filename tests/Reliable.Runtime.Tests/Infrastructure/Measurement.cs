namespace Reliable.Infrastructure;

internal sealed record Measurement(string Name, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags)
{
    public string? Tag(string key) => Tags.FirstOrDefault(tag => tag.Key == key).Value?.ToString();
}
