using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the class that checks an answer's members.</summary>
internal static class AnswerRulesEmitter
{
    private static readonly string s_check = KnownNames.Global(KnownNames.MemberCheck);
    private static readonly string s_annotation = KnownNames.Global(KnownNames.ValidationAttribute);

    /// <summary>The argument of the policy that refers to the class.</summary>
    public static string Reference(AnswerRulesModel rules)
        => $"{KnownNames.Global(KnownNames.AnswerRules)}.Of<{rules.Parts[0].Type}>({rules.Class}.{rules.Parts[0].Method})";

    public static void Write(SourceWriter writer, AnswerRulesModel rules)
    {
        writer.Line("/// <summary>The required members and data annotations of the answer.</summary>");
        writer.Line(FileEmitter.GeneratedCode);
        writer.Open($"private static class {rules.Class}");
        for (int index = 0; index < rules.Annotations.Count; index++)
        {
            writer.Line($"private static readonly {s_annotation} {AnswerRulesModel.Field(index)} = {rules.Annotations[index]};");
        }

        for (int index = 0; index < rules.Parts.Count; index++)
        {
            if (index > 0 || rules.Annotations.Count > 0)
            {
                writer.Line();
            }

            AnswerPartModel part = rules.Parts[index];
            writer.Open($"{(index == 0 ? "internal" : "private")} static void {part.Method}({part.Type} value, ref {s_check} check)");
            foreach (string check in part.Checks)
            {
                writer.Line(check);
            }

            writer.Close();
        }

        writer.Close();
    }
}
