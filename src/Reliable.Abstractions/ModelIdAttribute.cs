namespace Reliable;

/// <summary>Marks the parameter that names the model, for rollout and metrics. Not needed when the parameter is called <c>modelId</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ModelIdAttribute : Attribute;
