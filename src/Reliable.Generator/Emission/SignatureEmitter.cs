using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes a method's declaration: one line, and one for each constraint clause.</summary>
internal static class SignatureEmitter
{
    public static void Write(SourceWriter writer, SignatureModel signature, string end = "")
    {
        WriteAttributes(writer, signature);
        string typeParameters = signature.TypeParameters.Count == 0 ? "" : $"<{string.Join(", ", signature.TypeParameters)}>";
        string declaration = $"{signature.Modifiers}{signature.ReturnType} {signature.Name}{typeParameters}({string.Join(", ", signature.Parameters)})";
        IEnumerable<string> lines = signature.Constraints.Select(static clause => "    " + clause).Prepend(declaration);
        writer.Line(string.Join("\n", lines) + end);
    }

    public static void WriteAttributes(SourceWriter writer, SignatureModel signature)
    {
        foreach (string attribute in signature.Attributes)
        {
            writer.Line(attribute);
        }
    }
}
