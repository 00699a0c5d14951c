namespace Reliable;

/// <summary>The form in which users and operators see the id of a transaction: <c>txn-</c> and the 32 hexadecimal digits the ledger stores as a uuid.</summary>
internal static class TransactionIds
{
    private const string Prefix = "txn-";

    public static string Format(Guid id) => string.Create(36, id, static (span, value) =>
    {
        Prefix.CopyTo(span);
        value.TryFormat(span[Prefix.Length..], out _, "N");
    });
}
