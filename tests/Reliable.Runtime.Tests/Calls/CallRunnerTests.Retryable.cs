using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    public static TheoryData<string, bool> Statuses
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (int status in (int[])[408, 429, 500, 501, 502, 503, 504, 529, 599])
            {
                data.Add($"http {status}", true);
                data.Add($"client {status}", true);
            }

            foreach (int status in (int[])[301, 400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 425, 428, 431, 451, 600])
            {
                data.Add($"http {status}", false);
                data.Add($"client {status}", false);
            }

            return data;
        }
    }

    public static TheoryData<string, bool> Exceptions => new()
    {
        { nameof(RetryableException), true },
        { "http without status", true },
        { "client without status", true },
        { nameof(TimeoutException), true },
        { "HttpClient timeout", true },
        { "broken connection", true },
        { nameof(HttpIOException), true },
        { "aggregate of 503", true },
        { "aggregate of aggregate of timeout", true },
        { nameof(NonRetryableException), false },
        { nameof(UsageLimitExceededException), false },
        { nameof(ArgumentException), false },
        { nameof(ArgumentNullException), false },
        { nameof(InvalidOperationException), false },
        { nameof(FormatException), false },
        { "own cancellation", false },
        { nameof(FileNotFoundException), false },
        { "aggregate of 400", false },
        { "empty aggregate", false },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    [MemberData(nameof(Exceptions))]
    public async Task Retry_ByTheTableOfTheContract_IsDoneOrNot(string what, bool isRetried)
    {
        await using var harness = new RuntimeHarness();
        Exception failure = Create(what);
        var model = new ScriptedModel<string>().Fails(failure).Answers(Good);
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), model).StartAsync();

        if (isRetried)
        {
            Assert.Equal(Good, await harness.Clock.DriveAsync(call));
            Assert.Equal(1, await harness.UsedAsync());
        }
        else
        {
            Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => call));
            Assert.Equal(1, model.Calls);
            Assert.Equal(0, await harness.UsedAsync());
            Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    [MemberData(nameof(Exceptions))]
    public async Task Retry_AfterAFirstRejection_FollowsTheSameTable(string what, bool isRetried)
    {
        await using var harness = new RuntimeHarness();
        Exception failure = Create(what);
        var model = new ScriptedModel<string>().Answers("").Fails(failure).Answers(Good);
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync();

        if (isRetried)
        {
            Assert.Equal(Good, await call);
        }
        else
        {
            Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => call));
            Assert.Equal(2, model.Calls);
            Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        }
    }

    [Fact]
    public async Task ShouldRetry_WhenTrue_RetriesWhatTheTableWouldNot()
    {
        await using var harness = new RuntimeHarness(o => o.Retry.ShouldRetry = e => e is FormatException ? true : null);
        var model = new ScriptedModel<string>().Throws(new FormatException()).Answers(Good);

        Assert.Equal(Good, await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync());
    }

    [Fact]
    public async Task ShouldRetry_WhenFalse_PassesWhatTheTableWouldRetry()
    {
        await using var harness = new RuntimeHarness(o => o.Retry.ShouldRetry = e => e is TimeoutException ? false : null);
        var failure = new TimeoutException();
        var model = new ScriptedModel<string>().Throws(failure);

        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(() => new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync()));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task ShouldRetry_WhenItKnowsOnlyItsOwnExceptions_LeavesRejectedAnswersToTheLibrary(CallShape shape)
    {
        List<Exception> asked = [];
        await using var harness = new RuntimeHarness(o => o.Retry.ShouldRetry = e =>
        {
            asked.Add(e);
            return e is FormatException;
        });
        var model = new ScriptedModel<string>().Answers("", "", Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        Assert.Equal(Good, await assistant.AskAsync());
        Assert.Empty(asked);
    }

    [Fact]
    public async Task ShouldRetry_WhenTheCallerCancelled_IsNotAsked()
    {
        await using var harness = new RuntimeHarness(o => o.Retry.ShouldRetry = _ => true);
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), model).StartAsync(cancellationToken: caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Retry_WhenTheModelClientTimesOut_TriesAgain()
    {
        // The real client against a server that never answers: its timeout is a cancellation nobody asked for.
        await using var harness = new RuntimeHarness();
        Exception timeout = await SilentServer.TimeOutAsync();
        var model = new ScriptedModel<string>().Fails(timeout).Answers(Good);

        Assert.Equal(Good, await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync());
    }

    private static Exception Create(string what)
    {
        string[] words = what.Split(' ');
        if (words.Length == 2 && int.TryParse(words[1], out int status))
        {
            return words[0] == "http"
                ? new HttpRequestException("failed", null, (HttpStatusCode)status)
                : new ClientResultException(new FakePipelineResponse(status));
        }

        return what switch
        {
            nameof(RetryableException) => new RetryableException("again"),
            "http without status" => new HttpRequestException("no connection"),
            "client without status" => new ClientResultException("no connection"),
            nameof(TimeoutException) => new TimeoutException(),
            "HttpClient timeout" => new TaskCanceledException("timeout", new TimeoutException()),
            "broken connection" => new IOException("broken", new SocketException((int)SocketError.ConnectionReset)),
            nameof(HttpIOException) => new HttpIOException(HttpRequestError.ResponseEnded),
            "aggregate of 503" => new AggregateException(new ArgumentException("first"), new ClientResultException(new FakePipelineResponse(503))),
            "aggregate of aggregate of timeout" => new AggregateException(new AggregateException(new TimeoutException())),
            nameof(NonRetryableException) => new NonRetryableException("no"),
            nameof(UsageLimitExceededException) => new UsageLimitExceededException("u2", "images", new UsageSnapshot(5, 0, 5, default, "reached")),
            nameof(ArgumentException) => new ArgumentException("no"),
            nameof(ArgumentNullException) => new ArgumentNullException(nameof(what)),
            nameof(InvalidOperationException) => new InvalidOperationException(),
            nameof(FormatException) => new FormatException(),
            "own cancellation" => new OperationCanceledException(),
            nameof(FileNotFoundException) => new FileNotFoundException(),
            "aggregate of 400" => new AggregateException(new TimeoutException(), new ClientResultException(new FakePipelineResponse(400))),
            "empty aggregate" => new AggregateException(),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "There is no such exception."),
        };
    }
}
