namespace Reliable.CommitLoad.Load;

/// <summary>One cell of the table: how many callers commit at once, for how many users.</summary>
internal sealed record LoadShape(int Callers, int Users)
{
    public override string ToString() => $"{Callers} caller{(Callers == 1 ? "" : "s")}, {(Users == 1 ? "one hot user" : $"{Users:N0} users")}";
}
