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
    [InlineData("GoodAnswer", "[DONE]")]
    [InlineData("ToolCallsOnly", "[DONE]")]
    [InlineData("CutStream", "cut")]
    [InlineData("StalledStream", "silence")]
    public async Task Complete_WhenStreamIsAskedFor_StreamsAsItBehaves(string behaviour, string end)
    {
        await using SimulatedModel model = await StartAsync(1, ($"Rates:{behaviour}", "1"), ("ChunkDelay", "00:00:00.010"));
        using var client = new HttpClient();
        var lengths = new HashSet<int>();

        // Only a model that falls silent is given up; any other may take its time on a busy machine.
        TimeSpan patience = end == "silence" ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(60);
        for (int i = 0; i < 12; i++)
        {
            (int chunks, string how) = await StreamAsync(client, model, $"Question {i}?", patience);
            Assert.Equal(end, how);
            lengths.Add(chunks);
        }

        // Cut and stalled anywhere, not always at the same place. What was on its way when the connection broke may be lost.
        Assert.True(lengths.Count > (end == "[DONE]" ? 0 : 2), string.Join(' ', lengths));
        Assert.Equal(end == "silence" ? 0 : 12, model.Tally[Enum.Parse<Behaviour>(behaviour)]);
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

    private static async Task<(int Chunks, string End)> StreamAsync(HttpClient client, SimulatedModel model, string question, TimeSpan longest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, model.Address.BaseUrl + "/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = "m",
                stream = true,
                messages = new[] { new { role = "user", content = question } },
                tools = new[] { new { type = "function", function = new { name = "look" } } },
            }),
        };
        int chunks = 0;
        using var patience = new CancellationTokenSource(longest);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            while (await reader.ReadLineAsync(patience.Token) is { } line)
            {
                if (line == "data: [DONE]")
                    return (chunks, "[DONE]");

                chunks += line.StartsWith("data: ", StringComparison.Ordinal) ? 1 : 0;
            }

            return (chunks, "end");
        }
        catch (OperationCanceledException)
        {
            return (chunks, "silence");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (chunks, "cut");
        }
    }

    private static Task<SimulatedModel> StartAsync(int seed) => StartAsync(
        seed,
        ("Rates:EmptyContent", "0.1"),
        ("Rates:ThreeCharacters", "0.1"),
        ("Rates:ServerError", "0.1"),
        ("Rates:TooManyRequests", "0.1"),
        ("Rates:DroppedConnection", "0.1"));

    private static async Task<SimulatedModel> StartAsync(int seed, params (string Key, string Value)[] settings)
    {
        var model = new SimulatedModel(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("SimulatedModel:Seed", $"{seed}"),
            new("SimulatedModel:MinLatency", "00:00:00"),
            new("SimulatedModel:MaxLatency", "00:00:00"),
            .. settings.Select(static setting => KeyValuePair.Create($"SimulatedModel:{setting.Key}", (string?)setting.Value)),
        ]).Build());
        await model.StartAsync(CancellationToken.None);
        return model;
    }
}
