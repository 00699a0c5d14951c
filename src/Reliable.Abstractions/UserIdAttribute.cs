namespace Reliable;

/// <summary>Marks the parameter that names the user who is charged. Not needed when the parameter is called <c>userId</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class UserIdAttribute : Attribute;
