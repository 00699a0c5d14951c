using System.Globalization;

namespace Reliable.Calls;

/// <content>The parts of an answer: objects and collections with members of their own, and the path to what is wrong in them.</content>
public ref partial struct MemberCheck
{
    /// <summary>So many parts lie within another at most; deeper ones are not looked at.</summary>
    private const int MaxDepth = 32;

    private const int NoIndex = -1;

    /// <summary>A part with members of its own. One that was looked at before is not looked at again, so that cycles end.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="member">The name of the member that holds it.</param>
    /// <param name="value">The part; <see langword="null"/> is another rule's to refuse.</param>
    /// <param name="rules">Its rules.</param>
    public void Part<T>(string member, T? value, MemberRules<T> rules)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (value is not null && IsNew(value))
        {
            Descend(member, NoIndex, value, rules);
        }
    }

    /// <summary>A part that is a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="member">The name of the member that holds it.</param>
    /// <param name="value">The part; <see langword="null"/> is another rule's to refuse.</param>
    /// <param name="rules">Its rules.</param>
    public void ValuePart<T>(string member, T? value, MemberRules<T> rules)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (value is { } part)
        {
            Descend(member, NoIndex, part, rules);
        }
    }

    /// <summary>The elements of a collection. A sequence that may yield its elements only once is left alone.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="values">The collection.</param>
    /// <param name="rules">Their rules.</param>
    /// <param name="required">Whether an element must not be <see langword="null"/>.</param>
    public void Elements<T>(IEnumerable<T?> values, MemberRules<T> rules, bool required)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (values is not (ICollection<T?> or IReadOnlyCollection<T?>))
        {
            return;
        }

        int index = 0;
        foreach (T? value in values)
        {
            if (value is null)
            {
                if (required)
                {
                    Add(Name("", index), "a value is required");
                }
            }
            else if (IsNew(value))
            {
                Descend("", index, value, rules);
            }

            index++;
        }
    }

    /// <summary>The elements of a collection of values. A sequence that may yield its elements only once is left alone.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="values">The collection.</param>
    /// <param name="rules">Their rules.</param>
    public void ValueElements<T>(IEnumerable<T> values, MemberRules<T> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (values is not (ICollection<T> or IReadOnlyCollection<T>))
        {
            return;
        }

        int index = 0;
        foreach (T value in values)
        {
            Descend("", index++, value, rules);
        }
    }

    private bool IsNew(object value) => (_seen ??= new HashSet<object>(ReferenceEqualityComparer.Instance)).Add(value);

    // The path is put together on the way out, so that an answer without a problem pays for none.
    private void Descend<T>(string member, int index, T value, MemberRules<T> rules)
    {
        if (_depth >= MaxDepth || IsFull)
        {
            return;
        }

        int before = _problems?.Count ?? 0;
        _depth++;
        rules(value, ref this);
        _depth--;
        for (int problem = before; problem < (_problems?.Count ?? 0); problem++)
        {
            string inner = _problems![problem];
            string outer = Name(member, index);
            _problems[problem] = outer + (outer.Length == 0 || inner[0] is '[' or ':' ? "" : ".") + inner;
        }
    }

    private static string Name(string member, int index)
        => index == NoIndex ? member : string.Create(CultureInfo.InvariantCulture, $"{member}[{index}]");
}
