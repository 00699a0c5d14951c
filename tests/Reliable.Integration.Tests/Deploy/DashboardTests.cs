using Reliable.Integration.Tests.Sample;

namespace Reliable.Integration.Tests.Deploy;

public sealed class DashboardTests
{
    [Fact]
    public void Dashboard_WhenRead_HasFourRows()
        => Assert.Equal(["Retry overview", "Transaction health", "Models", "Users' impact"], Dashboard.Rows);

    [Fact]
    public void Dashboard_WhenRead_HasNoPanelOverAnother()
    {
        var places = Dashboard.Panels.Select(static panel => panel.GetProperty("gridPos"))
            .Select(static at => (X: at.GetProperty("x").GetInt32(), Y: at.GetProperty("y").GetInt32(), W: at.GetProperty("w").GetInt32(), H: at.GetProperty("h").GetInt32()))
            .ToArray();

        Assert.All(places, static place => Assert.InRange(place.X + place.W, 1, 24));
        Assert.All(
            places.SelectMany((one, i) => places.Skip(i + 1).Select(other => (one, other))),
            static pair => Assert.False(
                pair.one.X < pair.other.X + pair.other.W && pair.other.X < pair.one.X + pair.one.W && pair.one.Y < pair.other.Y + pair.other.H && pair.other.Y < pair.one.Y + pair.one.H,
                $"{pair}"));
    }

    [Fact]
    public async Task Queries_WhenRead_NameInstrumentsThatExist()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        HashSet<string> known = [.. MetricsText.NamesOf((await api.MetricsAsync()).Text)];

        foreach ((string title, string query) in Dashboard.Queries.Concat(Dashboard.VariableQueries.Select(static query => ("variable", query))))
        {
            string[] named = [.. Dashboard.MetricsOf(query)];
            Assert.True(named.Length > 0, $"'{title}' names no metric: {query}");
            Assert.All(named, metric => Assert.True(known.Contains(metric), $"'{title}' names '{metric}', which no instrument has."));
        }
    }

    [Fact]
    public async Task Metrics_WhenKnown_AreAllOnTheDashboard()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        string[] shown = [.. Dashboard.Queries.SelectMany(static query => Dashboard.MetricsOf(query.Query)).Distinct()];

        Assert.All(
            MetricsText.InstrumentsOf((await api.MetricsAsync()).Text),
            name => Assert.Contains(shown, metric => metric.StartsWith(name, StringComparison.Ordinal)));
    }
}
