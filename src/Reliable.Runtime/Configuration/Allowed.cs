namespace Reliable.Configuration;

/// <summary>What numbers may be, in the words of error messages: the same whether a value cannot be read or is out of range.</summary>
internal static class Allowed
{
    public const string Retries = "a whole number from 0 to 10";
    public const string Percent = "a whole number from 0 to 100";
    public const string NotNegative = "a whole number, 0 or more";
    public const string Positive = "a whole number, 1 or more";
    public const string Rate = "a number, 0 or more";
    public const string Score = "a number from 0 to 100";
    public const string HeldUpdates = "a whole number from 1 to 100000";
}
