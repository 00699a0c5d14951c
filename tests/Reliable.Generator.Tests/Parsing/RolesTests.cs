using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Parsing;

public sealed class RolesTests
{
    [Theory]
    [InlineData("string user")]
    [InlineData("string UserId")]
    [InlineData("string modelId")]
    public void Read_WhenNobodyIsCharged_ReportsTheAttribute(string parameter)
        => GeneratorHarness.Run(Consumer.Method("[Retry, UsageTransaction(Amount = 2)]", parameters: $"{parameter}, CancellationToken ct"))
            .AssertOnly("REL006", "UsageTransaction(Amount = 2)");

    [Fact]
    public void Read_WhenNobodyIsChargedByAnInterface_ReportsTheAttribute()
        => GeneratorHarness.Run(Consumer.Interface("[UsageTransaction] Task<string> AskAsync(CancellationToken ct);")).AssertOnly("REL006", "UsageTransaction");

    [Theory]
    [InlineData("[UserId]")]
    [InlineData("[ModelId]")]
    [InlineData("[CorrelationId]")]
    public void Read_WhenTwoParametersAreMarked_ReportsTheSecond(string attribute)
        => GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: $"{attribute} string one, {attribute} string two, CancellationToken ct"))
            .AssertOnly("REL019", "two");

    [Theory]
    [InlineData("[UsageTransaction]", "object userId", "userId")]
    [InlineData("[UsageTransaction]", "List<string> userId", "userId")]
    [InlineData("[UsageTransaction]", "Id userId", "userId")]
    [InlineData("[UsageTransaction]", "Id? userId", "userId")]
    [InlineData("[UsageTransaction]", "int[] userId", "userId")]
    [InlineData("[Retry]", "[ModelId] Exception? model, [CorrelationId] object chat", "chat")]
    public void Read_WhenARoleHasNoText_ReportsTheParameter(string attributes, string parameters, string underlined)
        => GeneratorHarness.Run(Consumer.Method(attributes, parameters: $"{parameters}, CancellationToken ct") + "public record struct Id(string Value);")
            .AssertOnly("REL020", underlined);

    [Theory]
    [InlineData("string userId", "userId: @userId,")]
    [InlineData("string userId, [UserId] string owner", "userId: @owner,")]
    [InlineData("Guid userId", "userId: @userId.ToString(null, global::System.Globalization.CultureInfo.InvariantCulture),")]
    [InlineData("int? userId", "userId: @userId?.ToString(null, global::System.Globalization.CultureInfo.InvariantCulture),")]
    [InlineData("DayOfWeek userId", "userId: @userId.ToString(),")]
    [InlineData("Uri? userId", "userId: @userId?.ToString(),")]
    [InlineData("string modelId", "modelId: @modelId,")]
    [InlineData("string correlationId, string conversationId", "correlationId: @conversationId,")]
    [InlineData("string conversationId, string chatId", "correlationId: @chatId,")]
    [InlineData("long chatId, [CorrelationId] string trace", "correlationId: @trace,")]
    [InlineData("IProgress<RetryStatus>? status", "progress: @status,")]
    public void Read_WhenARoleIsFound_PassesItByName(string parameters, string argument)
        => Assert.Contains(
            argument,
            GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: $"{parameters}, CancellationToken ct")).AssertClean().Source,
            StringComparison.Ordinal);

    [Fact]
    public void Read_WhenAnOptionalRoleHasNoText_LeavesItOut()
        => Assert.DoesNotContain(
            "correlationId",
            GeneratorHarness.Run(Consumer.Method("[Retry]", parameters: "object chatId, CancellationToken ct")).AssertClean().Source,
            StringComparison.Ordinal);
}
