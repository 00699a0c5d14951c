using System.Diagnostics.CodeAnalysis;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class StreamTests
{
    private static CallPolicy JudgedBy(object validator)
        => CallPolicy.Create(
            Policies.Operation, Policies.Retry, new ValidateResponseAttribute { Validator = validator.GetType() }, Policies.Usage, () => validator);

    [Fact]
    public async Task StreamAsync_WhenValidatorJudgesAnyType_HoldsUntilItIsSatisfied()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<int>(harness, new StreamScript<int>(harness.Clock).Then(1, 2).Then(1, TimeSpan.FromSeconds(1), 9, TimeSpan.FromSeconds(1), 1), JudgedBy(new SumValidator()));

        StreamReading<int> reading = await stream.ReadAsync();

        Assert.Equal([1, 9, 1], reading.Updates);
        Assert.Equal([2, 2, 3], reading.Times.Select(static time => time.TotalSeconds));
        Assert.Equal("The sum is 3", stream.Model.Seen[1].Previous!.Message);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenValidatorFindsItInvalid_EndsTheAttemptAtOnce()
    {
        await using var harness = new RuntimeHarness();
        var model = new StreamScript<int>(harness.Clock).Then(1, -1, StreamScript<int>.Deafness).Then(10, -1, StreamScript<int>.Deafness);
        var stream = new StreamHarness<int>(harness, model, JudgedBy(new SumValidator()));

        StreamReading<int> reading = await stream.ReadAsync();

        Assert.Equal([10], reading.Updates);
        Assert.Equal([RejectionReason.Custom, RejectionReason.Custom], Assert.IsType<RetriesExhaustedException>(reading.Exception).Attempts.Select(static attempt => attempt.Reason));
        Assert.Equal(TimeSpan.FromSeconds(1), harness.Clock.Elapsed);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "late_rejection"));
    }

    [Fact]
    public async Task StreamAsync_WhenValidatorDescribesRestarts_SendsItsMarker()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.OnLateFailure = LateFailureAction.Restart);
        var stream = new StreamHarness<int>(harness, new StreamScript<int>(harness.Clock).Then(10, new TimeoutException()).Then(20), JudgedBy(new SumValidator()));

        Assert.Equal([10, SumValidator.Marker, 20], (await stream.ReadAsync()).Updates);

        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenBothJudge_HoldsUntilBothAreSatisfied()
    {
        await using var harness = new RuntimeHarness();
        TimeSpan second = TimeSpan.FromSeconds(1);
        var model = new StreamScript<string>(harness.Clock).Then(Shown, second).Then(Shown, second, "?", second, "so").Then("?", second, "more text", second, ".");
        var stream = new StreamHarness<string>(harness, model, JudgedBy(new QuestionValidator()));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal("No question", model.Seen[1].Previous!.Message);
        Assert.Equal([3, 3, 4], reading.Times.Select(static time => time.TotalSeconds));
        await stream.AssertSettledAsync(used: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenValidatorThrows_IsTreatedAsTheModelCall(bool isLate)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<int>(harness, new StreamScript<int>(harness.Clock).Then(isLate ? 10 : 1, SumValidator.Unbearable), JudgedBy(new SumValidator()));

        StreamReading<int> reading = await stream.ReadAsync();

        Assert.IsType<NotSupportedException>(reading.Exception);
        Assert.Equal(isLate ? 1 : 0, reading.Updates.Count);
        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenValidatorCannotJudgeStreams_SaysSo()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(Shown), JudgedBy(new SumValidator()));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Contains("'Assistant.AskAsync': it must implement 'Reliable.IStreamValidator`1[System.String]'", Assert.IsType<InvalidOperationException>(reading.Exception).Message, StringComparison.Ordinal);
        await stream.AssertSettledAsync(used: 0, calls: 0);
    }

    private sealed class SumValidator : IStreamValidator<int>
    {
        public const int Marker = -100;
        public const int Unbearable = 13;

        public IStreamJudge<int> Begin() => new Judge();

        public bool TryDescribe(RetryStatus status, [MaybeNullWhen(false)] out int update)
        {
            update = Marker;
            return status.IsRestart;
        }

        private sealed class Judge : IStreamJudge<int>
        {
            private int _sum;

            public StreamVerdict Add(int update)
            {
                if (update == Unbearable)
                    throw new NotSupportedException();

                _sum += update;
                return update < 0 ? StreamVerdict.Invalid : _sum >= 10 ? StreamVerdict.Valid : StreamVerdict.Undecided;
            }

            public ValidationResult Complete() => _sum >= 10 ? ValidationResult.Valid : ValidationResult.Reject($"The sum is {_sum}");
        }
    }

    private sealed class QuestionValidator : IStreamValidator<string>
    {
        public IStreamJudge<string> Begin() => new Judge();

        private sealed class Judge : IStreamJudge<string>
        {
            private bool _isQuestion;

            public StreamVerdict Add(string update)
            {
                _isQuestion |= update.Contains('?', StringComparison.Ordinal);
                return _isQuestion ? StreamVerdict.Valid : StreamVerdict.Undecided;
            }

            public ValidationResult Complete() => _isQuestion ? ValidationResult.Valid : ValidationResult.Reject("No question");
        }
    }
}
