using System.ComponentModel;

namespace Reliable.Calls;

/// <summary>The rules of an answer's members, for <see cref="CallPolicy"/>. Generated code makes one for each method whose answer has required members or data annotations.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AnswerRules
{
    private protected AnswerRules()
    {
    }

    /// <summary>Wraps what generated code checks.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="check">Checks one answer.</param>
    public static AnswerRules Of<T>(MemberRules<T> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new RulesOf<T>(check);
    }

    private sealed class RulesOf<T>(MemberRules<T> check) : AnswerRules, IResponseValidator<T>
    {
        public ValidationResult Validate(T response)
        {
            var members = new MemberCheck();
            check(response, ref members);
            return members.ToResult();
        }
    }
}
