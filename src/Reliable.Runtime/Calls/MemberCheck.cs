using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Reliable.Calls;

/// <summary>
/// Collects what is wrong with an answer's members, each with the path to the member: <c>Steps[2].Title: a value is required</c>. Called by generated code, which
/// knows the members without reflection. Costs nothing while nothing is wrong and nothing is nested.
/// </summary>
/// <remarks>Messages name members and never quote them: they go to the log and, as guidance, to the model.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct MemberCheck
{
    /// <summary>Nobody reads more, and a model corrects what it is told first.</summary>
    private const int MaxProblems = 5;

    private List<string>? _problems;
    private HashSet<object>? _seen;
    private int _depth;

    private readonly bool IsFull => _problems is { Count: >= MaxProblems };

    /// <summary>A member that must be there.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="member">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Required<T>(string member, T? value)
    {
        if (value is null)
        {
            Add(member, "a value is required");
        }
    }

    /// <summary>A text that must be there: white space alone is none.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    public void RequiredText(string member, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(member, "a text is required");
        }
    }

    /// <summary>A data annotation.</summary>
    /// <param name="member">The name of the member it stands on; empty for the type.</param>
    /// <param name="owner">The object that has the member.</param>
    /// <param name="value">The member's value.</param>
    /// <param name="rule">The annotation.</param>
    public void Annotation(string member, object owner, object? value, ValidationAttribute rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        string name = member.Length == 0 ? owner.GetType().Name : member;

        // Rules of others may look at the context without saying so.
        if (!rule.RequiresValidationContext && rule.GetType().Assembly == typeof(ValidationAttribute).Assembly)
        {
            if (!rule.IsValid(value))
            {
                Add(member, rule.FormatErrorMessage(name));
            }

            return;
        }

        var context = new ValidationContext(owner, name, serviceProvider: null, items: null) { MemberName = member.Length == 0 ? null : member };
        if (rule.GetValidationResult(value, context) is { } problem)
        {
            Add(member, problem.ErrorMessage ?? rule.FormatErrorMessage(name));
        }
    }

    /// <summary>A count of characters or elements.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="length">The count; <see langword="null"/> when there is no value, which is another rule's to refuse.</param>
    /// <param name="min">The smallest that is allowed.</param>
    /// <param name="max">The largest that is allowed; -1 for any.</param>
    /// <param name="message">The annotation's own message, or <see langword="null"/>.</param>
    public void Length(string member, int? length, int min, int max, string? message = null)
    {
        if (length is { } count && (count < min || (max >= 0 && count > max)))
        {
            string allowed = max < 0
                ? string.Create(CultureInfo.InvariantCulture, $"at least {min}")
                : string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
            Add(member, message is null ? $"the length must be {allowed}" : Format(message, member, max < 0 ? min : max, min));
        }
    }

    /// <summary>A range of any type that can be read and compared, its bounds written in the invariant culture.</summary>
    /// <typeparam name="T">The member's type.</typeparam>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value; <see langword="null"/> is another rule's to refuse.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    /// <param name="isMinExclusive">Whether the lower bound itself is refused.</param>
    /// <param name="isMaxExclusive">Whether the upper bound itself is refused.</param>
    /// <param name="message">The annotation's own message, or <see langword="null"/>.</param>
    public void Range<T>(string member, T? value, string min, string max, bool isMinExclusive = false, bool isMaxExclusive = false, string? message = null)
        where T : struct, IParsable<T>, IComparable<T>
    {
        if (value is not { } actual)
        {
            return;
        }

        int fromMin = actual.CompareTo(T.Parse(min, CultureInfo.InvariantCulture));
        int fromMax = actual.CompareTo(T.Parse(max, CultureInfo.InvariantCulture));
        if (fromMin < 0 || fromMax > 0 || (isMinExclusive && fromMin == 0) || (isMaxExclusive && fromMax == 0))
        {
            Add(member, message is null ? $"must be between {min} and {max}" : Format(message, member, min, max));
        }
    }

    /// <summary>An object that checks itself.</summary>
    /// <param name="value">The object.</param>
    public void Itself(IValidatableObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var context = new ValidationContext(value, value.GetType().Name, serviceProvider: null, items: null);
        foreach (System.ComponentModel.DataAnnotations.ValidationResult? problem in value.Validate(context) ?? [])
        {
            if (problem is not null)
            {
                Add(problem.MemberNames.FirstOrDefault() ?? "", problem.ErrorMessage ?? "is not valid");
            }
        }
    }

    /// <summary>The verdict.</summary>
    internal readonly ValidationResult ToResult()
        => _problems is null ? ValidationResult.Valid : ValidationResult.Reject(string.Join("; ", _problems.Select(static problem => problem.TrimStart(':', ' '))));

    private void Add(string member, string problem)
    {
        if (!IsFull)
        {
            (_problems ??= []).Add($"{member}: {problem}");
        }
    }

    private static string Format(string message, params object[] arguments)
    {
        try
        {
            return string.Format(CultureInfo.CurrentCulture, message, arguments);
        }
        catch (FormatException)
        {
            return message;
        }
    }
}
