using System.Net.Http.Json;
using ChatQuota.Simulation;
using Microsoft.Extensions.Configuration;

namespace Reliable.Integration.Tests.Sample;

public sealed class SimulatedModelTests
{
    [Fact]
    public async Task Complete_WhenSeedIsTheSame_SendsTheSameWhateverTheOrder()
    {
        string[] questions = [.. Enumerable.Range(0, 60).Select(static number => $"Question {number}?")];

        Dictionary<string, string> first = await AskAllAsync(seed: 7, questions);
        Dictionary<string, string> reversed = await AskAllAsync(seed: 7, [.. questions.Reverse()]);
        Dictionary<string, string> other = await AskAllAsync(seed: 8, questions);

        Assert.Equal(first.Order(Comparer<KeyValuePair<string, string>>.Create(ByKey)), reversed.Order(Comparer<KeyValuePair<string, string>>.Create(ByKey)));
        Assert.NotEqual(first["Question 1?"] + first["Question 2?"] + string.Concat(first.Values), string.Concat(other.Values));
        Assert.True(first.Values.Distinct().Count() > 3);
    }

    [Fact]
    public async Task Tally_WhenRequestsEnd_CountsEach()
    {
        await using SimulatedModel model = await StartAsync(seed: 3);
        using var client = new HttpClient();
        int good = 0;
        for (int i = 0; i < 50; i++)
        {
            good += await AskAsync(client, model, $"Question {i}?") is { Length: > 10 } ? 1 : 0;
        }

        Assert.Equal(50, model.Tally.Requests);
        Assert.Equal(good, model.Tally.GoodAnswers);
    }

    [Theory]
    [InlineData("SimulatedModel:Rates:Whitespace", "2")]
    [InlineData("SimulatedModel:Rates:Whitespace", "lots")]
    [InlineData("SimulatedModel:Rates:Nonsense", "0.1")]
    [InlineData("SimulatedModel:MaxLatency", "-00:00:01")]
    public void Read_WhenValueIsWrong_NamesKeyAndValue(string key, string value)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => SimulationSettings.Read(configuration));

        Assert.Contains($"'{key}' is '{value}'", exception.Message, StringComparison.Ordinal);
    }

    private static int ByKey(KeyValuePair<string, string> left, KeyValuePair<string, string> right) => string.CompareOrdinal(left.Key, right.Key);

    private static async Task<Dictionary<string, string>> AskAllAsync(int seed, string[] questions)
    {
        await using SimulatedModel model = await StartAsync(seed);
        using var client = new HttpClient();
        Dictionary<string, string> answers = [];
        foreach (string question in questions)
        {
            answers[question] = await AskAsync(client, model, question) + "|" + await AskAsync(client, model, question);
        }

        return answers;
    }

    private static async Task<string> AskAsync(HttpClient client, SimulatedModel model, string question)
    {
        try
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync(
                model.Address.BaseUrl + "/chat/completions", new { model = "m", messages = new[] { new { role = "user", content = question } } });
            var body = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            return response.IsSuccessStatusCode
                ? body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "null"
                : $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "dropped";
        }
    }

    private static async Task<SimulatedModel> StartAsync(int seed)
    {
        var model = new SimulatedModel(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("SimulatedModel:Seed", $"{seed}"),
            new("SimulatedModel:MinLatency", "00:00:00"),
            new("SimulatedModel:MaxLatency", "00:00:00"),
            new("SimulatedModel:Rates:EmptyContent", "0.1"),
            new("SimulatedModel:Rates:ThreeCharacters", "0.1"),
            new("SimulatedModel:Rates:ServerError", "0.1"),
            new("SimulatedModel:Rates:TooManyRequests", "0.1"),
            new("SimulatedModel:Rates:DroppedConnection", "0.1"),
        ]).Build());
        await model.StartAsync(CancellationToken.None);
        return model;
    }
}
