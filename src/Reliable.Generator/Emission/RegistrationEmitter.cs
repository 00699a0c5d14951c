using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the extension method that registers an implementation behind its decorator.</summary>
internal static class RegistrationEmitter
{
    public static void Write(SourceWriter writer, DecoratorModel model)
    {
        string own = string.Join(", ", model.TypeParameters);
        string decorator = $"global::{(model.Namespace.Length == 0 ? "" : model.Namespace + ".")}{model.Name}{(own.Length == 0 ? "" : $"<{own}>")}";
        string builder = KnownNames.Global(KnownNames.Builder);
        string lifetime = KnownNames.Global(KnownNames.ServiceLifetime);
        string kept = KnownNames.Global(KnownNames.DynamicallyAccessedMemberTypes) + ".PublicConstructors";
        string parameter = $"[{KnownNames.Attribute(KnownNames.DynamicallyAccessedMembers)}({kept})] {model.ImplementationParameter}";
        string constraints = string.Concat(model.Constraints.Select(static clause => "\n    " + clause));

        writer.Open("namespace Reliable");
        writer.Line($"/// <summary>Registers implementations of <see cref=\"{model.InterfaceReference}\"/>.</summary>");
        writer.Line(FileEmitter.GeneratedCode);
        writer.Open($"{model.Accessibility} static class {model.RegistrationClass}");
        writer.Line($$"""
            /// <summary>Registers an implementation of <see cref="{{model.InterfaceReference}}"/>, with its annotated methods wrapped.</summary>
            /// <param name="builder">What <c>AddReliable</c> returned.</param>
            /// <param name="lifetime">The lifetime of the implementation and its decorator.</param>
            public static {{builder}} {{model.RegistrationMethod}}<{{(own.Length == 0 ? "" : own + ", ")}}{{parameter}}>(
                this {{builder}} builder,
                {{lifetime}} lifetime = {{lifetime}}.Singleton){{constraints}}
                where {{model.ImplementationParameter}} : class, {{model.Interface}}
                => builder.AddDecorated<{{model.Interface}}, {{model.ImplementationParameter}}>(
                    static (inner, runtime) => new {{decorator}}(inner, runtime),
                    lifetime);
            """);
        writer.Close();
        writer.Close();
    }
}
