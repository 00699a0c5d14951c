namespace Reliable.Validation;

/// <summary>The built-in rules in force for one method.</summary>
internal readonly record struct ResponseCriteria(int MinLength, int MinFollowUpLength, ResponseRules Rules)
{
    public static ResponseCriteria From(ValidationOptions? options)
        => options is null
            ? new ResponseCriteria(10, 1, ResponseRules.All)
            : new ResponseCriteria(options.MinLength, options.MinFollowUpLength, options.Rules);

    public bool Has(ResponseRules rule) => (Rules & rule) != 0;
}
