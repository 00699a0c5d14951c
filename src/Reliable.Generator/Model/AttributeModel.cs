using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>An attribute as the user wrote it: its type, and an assignment for each property that was set.</summary>
internal sealed record AttributeModel(string Type, EquatableArray<string> Assignments);
