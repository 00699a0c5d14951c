using Microsoft.CodeAnalysis.Text;
using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the other half of one partial method.</summary>
internal static class WrapperEmitter
{
    public static SourceText Emit(WrapperModel model)
    {
        SourceWriter writer = new();
        FileEmitter.WriteHeader(writer, model.SuppressedWarnings, "enable");
        if (model.Namespace.Length > 0)
        {
            writer.Line($"namespace {model.Namespace};");
            writer.Line();
        }

        foreach (string type in model.ContainingTypes)
        {
            writer.Open(type);
        }

        WriteMembers(writer, model);
        foreach (string _ in model.ContainingTypes)
        {
            writer.Close();
        }

        return writer.ToSourceText();
    }

    private static void WriteMembers(SourceWriter writer, WrapperModel model)
    {
        if (model.Call is { } call)
        {
            CallEmitter.WritePolicy(writer, call.Policy);
            writer.Line();
        }

        if (model.Documentation is { } summary)
        {
            writer.Line($"/// <summary>{summary}</summary>");
        }

        writer.Line(FileEmitter.GeneratedCode);
        SignatureEmitter.Write(writer, model.Signature);
        WriteBody(writer, model.Call);
        if (model.Call?.Policy.Answer is { } answer)
        {
            writer.Line();
            AnswerRulesEmitter.Write(writer, answer);
        }
    }

    /// <summary>After an error the method exists but does nothing: the error is then the only one, and the build fails by it.</summary>
    private static void WriteBody(SourceWriter writer, CallModel? call)
    {
        if (call is null)
        {
            writer.Line("    => throw new global::System.NotSupportedException(\"Reliable reported an error about this method.\");");
        }
        else
        {
            CallEmitter.WriteBody(writer, call);
        }
    }
}
