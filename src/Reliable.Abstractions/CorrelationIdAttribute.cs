namespace Reliable;

/// <summary>
/// Marks the parameter that names the conversation in log lines. Not needed when the parameter is called <c>chatId</c>,
/// <c>conversationId</c> or <c>correlationId</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CorrelationIdAttribute : Attribute;
