using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>A method that an attempt calls.</summary>
/// <param name="StaticType">The type of a static method, fully qualified, or <see langword="null"/> when it is called on the state's first element.</param>
/// <param name="Method">Its name, with type arguments.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record TargetModel(string? StaticType, string Method, EquatableArray<ArgumentModel> Arguments);
