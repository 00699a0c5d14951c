using Microsoft.Extensions.DependencyInjection;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Validator_WhenItRejects_CountsAsAFailedAttemptWithItsMessage(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("no question mark at all", "is this one good?");
        CallPolicy policy = WithValidator(static () => new AsksBack());

        string answer = await new Assistant<string>(harness.Runtime, policy, model) { Shape = shape }.AskAsync();

        Assert.Equal("is this one good?", answer);
        Assert.Equal(RejectionReason.Custom, model.Seen[1].Previous?.Reason);
        Assert.Equal("does not ask back", model.Seen[1].Previous?.Message);
        Assert.Contains("required form", model.Seen[1].Guidance, StringComparison.Ordinal);
        Assert.Contains(harness.Log.Texts, text => text.StartsWith("[Validation] Invalid response: does not ask back (", StringComparison.Ordinal));
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Validator_IsAskedOncePerAttempt(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var validator = new CountingValidator();
        var model = new ScriptedModel<string>().Answers("a rejected answer", "a rejected answer", Good);

        await new Assistant<string>(harness.Runtime, WithValidator(() => validator), model) { Shape = shape }.AskAsync();

        Assert.Equal(["a rejected answer", "a rejected answer", Good], validator.Asked);
    }

    [Fact]
    public async Task Validator_WhenTheBuiltInRulesReject_IsNotAsked()
    {
        await using var harness = new RuntimeHarness();
        var validator = new CountingValidator();

        await new Assistant<string>(harness.Runtime, WithValidator(() => validator), new ScriptedModel<string>().Answers("", "abc", Good)).AskAsync();

        Assert.Equal([Good], validator.Asked);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Validator_WhenAsynchronous_IsAwaited(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("no question mark at all", "is this one good?");
        var assistant = new Assistant<string>(harness.Runtime, WithValidator(static () => new AsksBackLater()), model) { Shape = shape };

        Assert.Equal("is this one good?", await assistant.AskAsync());
        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task Validator_WhenRegistered_IsTakenFromTheServices()
    {
        var registered = new CountingValidator();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(registered).BuildServiceProvider();
        await using var harness = new RuntimeHarness(services: services);
        var policy = WithValidator(static () => throw new InvalidOperationException("It was constructed."));

        await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.Equal([Good], registered.Asked);
    }

    [Fact]
    public async Task Validator_WhenNotRegistered_IsConstructedOnce()
    {
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        await using var harness = new RuntimeHarness(services: services);
        int constructed = 0;
        var policy = WithValidator(() =>
        {
            constructed++;
            return new CountingValidator();
        });
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good));

        await assistant.AskAsync();
        await assistant.AskAsync();

        Assert.Equal(1, constructed);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Validator_WhenItThrowsARetryableException_IsTreatedAsTheModelsOwn(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        int asked = 0;
        var policy = WithValidator(() => new DelegateValidator(_ => asked++ == 0 ? throw new RetryableException("judge is busy") : ValidationResult.Valid));
        var model = new ScriptedModel<string>().Answers(Good);

        Assert.Equal(Good, await new Assistant<string>(harness.Runtime, policy, model) { Shape = shape }.AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal(2, asked);
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Validator_WhenItThrowsAnythingElse_PassesItAndChargesNothing(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var policy = WithValidator(static () => new ThrowingValidator());
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good)) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => assistant.AskAsync());

        Assert.Equal("the validator failed", thrown.Message);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Validator_OfAValue_IsAsked()
    {
        await using var harness = new RuntimeHarness();
        var policy = CallPolicy.Create(
            Policies.Operation, Policies.Retry, new ValidateResponseAttribute { Validator = typeof(PositiveNumber) }, Policies.Usage, static () => new PositiveNumber());

        Assert.Equal(5, await new Assistant<int>(harness.Runtime, policy, new ScriptedModel<int>().Answers(-1, 5)).AskAsync());
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Validator_OfABaseType_IsAskedForADerivedAnswer()
    {
        await using var harness = new RuntimeHarness();
        bool isAsked = false;
        var policy = CallPolicy.Create(
            Policies.Operation,
            validation: new ValidateResponseAttribute { Validator = typeof(ObjectValidator) },
            validator: () => new ObjectValidator(() => isAsked = true));

        await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.True(isAsked);
    }

    [Fact]
    public async Task Criteria_OfTheAttribute_WinOverTheGeneralOnes()
    {
        await using var harness = new RuntimeHarness(o => o.Validation.MinLength = 50);
        var policy = CallPolicy.Create(Policies.Operation, validation: new ValidateResponseAttribute { MinLength = 3 });

        Assert.Equal("abc", await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("abc")).AskAsync());
    }

    private static CallPolicy WithValidator(Func<object> create)
        => CallPolicy.Create(
            Policies.Operation, Policies.Retry, new ValidateResponseAttribute { Validator = typeof(CountingValidator) }, Policies.Usage, create);

    private sealed class AsksBack : IResponseValidator<string>
    {
        public ValidationResult Validate(string response)
            => response.EndsWith('?') ? ValidationResult.Valid : ValidationResult.Reject("does not ask back");
    }

    private sealed class AsksBackLater : IAsyncResponseValidator<string>
    {
        public async ValueTask<ValidationResult> ValidateAsync(string response, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return response.EndsWith('?') ? ValidationResult.Valid : ValidationResult.Reject("does not ask back");
        }
    }

    private sealed class CountingValidator : IResponseValidator<string>
    {
        public List<string> Asked { get; } = [];

        public ValidationResult Validate(string response)
        {
            Asked.Add(response);
            return response.StartsWith("a rejected", StringComparison.Ordinal) ? ValidationResult.Reject("rejected") : ValidationResult.Valid;
        }
    }

    private sealed class DelegateValidator(Func<string, ValidationResult> judge) : IResponseValidator<string>
    {
        public ValidationResult Validate(string response) => judge(response);
    }

    private sealed class PositiveNumber : IResponseValidator<int>
    {
        public ValidationResult Validate(int response) => response > 0 ? ValidationResult.Valid : ValidationResult.Reject("not positive");
    }

    private sealed class ObjectValidator(Action asked) : IResponseValidator<object>
    {
        public ValidationResult Validate(object response)
        {
            asked();
            return ValidationResult.Valid;
        }
    }
}
