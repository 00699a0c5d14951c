using Polly;

namespace Reliable.Hosting;

/// <summary>Something an application adds to the pipelines.</summary>
internal sealed record AttemptStrategy(Action<ResiliencePipelineBuilder> Configure);
