namespace Reliable.Calls;

/// <summary>A method's attempts, whatever it returns. Implemented by structs, so that calling through it costs nothing.</summary>
internal interface IModelCall<T>
{
    bool HasFallback { get; }

    ValueTask<T> AttemptAsync(AttemptContext context, CancellationToken cancellationToken);

    ValueTask<T> FallbackAsync(AttemptContext context, CancellationToken cancellationToken);
}
