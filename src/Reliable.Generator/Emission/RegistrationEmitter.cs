using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the extension methods that register an implementation behind its decorator, without and with a key.</summary>
internal static class RegistrationEmitter
{
    public static void Write(SourceWriter writer, DecoratorModel model)
    {
        string own = string.Join(", ", model.TypeParameters);
        string decorator = $"global::{(model.Namespace.Length == 0 ? "" : model.Namespace + ".")}{model.Name}{(own.Length == 0 ? "" : $"<{own}>")}";
        string declared = string.Concat(model.DeclaredTypeParameters.Select(static parameter => parameter + ", "));
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
            public static {{builder}} Add{{model.RegistrationName}}<{{declared}}{{parameter}}>(
                this {{builder}} builder,
                {{lifetime}} lifetime = {{lifetime}}.Singleton){{constraints}}
                where {{model.ImplementationParameter}} : class, {{model.Interface}}
                => builder.AddDecorated<{{model.Interface}}, {{model.ImplementationParameter}}>(
                    static (inner, runtime) => new {{decorator}}(inner, runtime),
                    lifetime);

            /// <summary>Registers an implementation of <see cref="{{model.InterfaceReference}}"/> under a key, with its annotated methods wrapped.</summary>
            /// <param name="builder">What <c>AddReliable</c> returned.</param>
            /// <param name="serviceKey">The key of the implementation and its decorator.</param>
            /// <param name="lifetime">The lifetime of the implementation and its decorator.</param>
            public static {{builder}} AddKeyed{{model.RegistrationName}}<{{declared}}{{parameter}}>(
                this {{builder}} builder,
                object? serviceKey,
                {{lifetime}} lifetime = {{lifetime}}.Singleton){{constraints}}
                where {{model.ImplementationParameter}} : class, {{model.Interface}}
                => builder.AddKeyedDecorated<{{model.Interface}}, {{model.ImplementationParameter}}>(
                    static (inner, runtime) => new {{decorator}}(inner, runtime),
                    serviceKey,
                    lifetime);
            """);
        writer.Close();
        writer.Close();
    }
}
