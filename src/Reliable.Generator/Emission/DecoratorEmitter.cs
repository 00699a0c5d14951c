using Microsoft.CodeAnalysis.Text;
using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the decorator of one interface.</summary>
internal static class DecoratorEmitter
{
    public static SourceText Emit(DecoratorModel model)
    {
        SourceWriter writer = new();

        // Only annotations: they are the interface's own, and a warning about them belongs to the interface.
        FileEmitter.WriteHeader(writer, model.SuppressedWarnings, "enable annotations");
        if (model.Namespace.Length > 0)
        {
            writer.Open($"namespace {model.Namespace}");
            WriteDecorator(writer, model);
            writer.Close();
        }
        else
        {
            WriteDecorator(writer, model);
        }

        writer.Line();
        RegistrationEmitter.Write(writer, model);
        return writer.ToSourceText();
    }

    private static void WriteDecorator(SourceWriter writer, DecoratorModel model)
    {
        string typeParameters = model.DeclaredTypeParameters.Count == 0 ? "" : $"<{string.Join(", ", model.DeclaredTypeParameters)}>";
        string constraints = string.Concat(model.Constraints.Select(static clause => "\n    " + clause));
        string runtime = KnownNames.Global(KnownNames.Runtime);
        writer.Line($"/// <summary>Wraps the annotated methods of another <see cref=\"{model.InterfaceReference}\"/>, and hands on the rest.</summary>");
        writer.Line(FileEmitter.GeneratedCode);
        writer.Open($"{model.Accessibility} sealed class {model.Name}{typeParameters} : {model.Interface}{constraints}");
        foreach (WrappedMemberModel member in model.Wrapped)
        {
            CallEmitter.WritePolicy(writer, member.Call.Policy);
            writer.Line();
        }

        writer.Line($$"""
            private readonly {{model.Interface}} {{model.InnerField}};
            private readonly {{runtime}} {{model.RuntimeField}};

            /// <summary>Wraps an implementation.</summary>
            /// <param name="inner">The implementation.</param>
            /// <param name="runtime">The runtime.</param>
            public {{model.Name}}({{model.Interface}} inner, {{runtime}} runtime)
            {
                {{model.InnerField}} = inner;
                {{model.RuntimeField}} = runtime;
            }
            """);
        foreach (WrappedMemberModel member in model.Wrapped)
        {
            writer.Line();
            SignatureEmitter.Write(writer, member.Signature);
            CallEmitter.WriteBody(writer, member.Call);
        }

        foreach (ForwardedMemberModel member in model.Forwarded)
        {
            writer.Line();
            ForwardingEmitter.Write(writer, member);
        }

        foreach (AnswerRulesModel answer in model.Wrapped.Select(static member => member.Call.Policy.Answer).OfType<AnswerRulesModel>())
        {
            writer.Line();
            AnswerRulesEmitter.Write(writer, answer);
        }

        writer.Close();
    }
}
