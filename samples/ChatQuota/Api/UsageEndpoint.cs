using Reliable;

namespace ChatQuota.Api;

/// <summary><c>GET /usage/{userId}</c>: what a user has used today.</summary>
internal static class UsageEndpoint
{
    public static void MapUsage(this IEndpointRouteBuilder app) => app.MapGet("/usage/{userId}", HandleAsync);

    private static async Task<IResult> HandleAsync(string userId, ReliableRuntime reliable, CancellationToken cancellationToken)
        => UserIds.Check(userId) is { } mistake
            ? Results.ValidationProblem(new Dictionary<string, string[]> { ["userId"] = [mistake] })
            : Results.Ok(UsageView.Of(await reliable.Usage.GetUsageAsync(userId, cancellationToken)));
}
