using Reliable.Generator.Collections;

namespace Reliable.Generator.Model;

/// <summary>The rules that an answer's required members and data annotations come to.</summary>
/// <param name="Class">The name of the class that holds them.</param>
/// <param name="Annotations">The data annotations, as expressions that construct them, in the order of their fields.</param>
/// <param name="Parts">The types whose members are checked, the answer's own first.</param>
internal sealed record AnswerRulesModel(string Class, EquatableArray<string> Annotations, EquatableArray<AnswerPartModel> Parts)
{
    /// <summary>The name of the field that holds one of the annotations.</summary>
    public static string Field(int index) => "s_rule" + (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
