using Microsoft.Extensions.DependencyInjection;
using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>Validators that are registered for the type of an answer rather than named by the attribute.</summary>
public sealed class RegisteredValidatorTests
{
    private static readonly RetryAttribute s_once = new() { MaxRetries = 0 };

    [Fact]
    public async Task Call_WhenAValidatorOfTheTypeIsRegistered_AsksIt()
    {
        await using ServiceProvider services = Build(static s => s.AddSingleton<IResponseValidator<int>, Even>());

        Assert.Equal(4, await CallAsync(services, 4));
        RetriesExhaustedException e = await Assert.ThrowsAsync<RetriesExhaustedException>(() => CallAsync(services, 3));
        Assert.Equal("odd", e.Attempts[0].Message);
    }

    [Fact]
    public async Task Call_WhenAnAsynchronousOneIsRegistered_AsksIt()
    {
        await using ServiceProvider services = Build(static s => s.AddSingleton<IAsyncResponseValidator<int>, EvenLater>());

        Assert.Equal(4, await CallAsync(services, 4));
        await Assert.ThrowsAsync<RetriesExhaustedException>(() => CallAsync(services, 3));
    }

    [Fact]
    public async Task Call_WhenAnotherTypeIsJudged_DoesNotAskIt()
    {
        await using ServiceProvider services = Build(static s => s.AddSingleton<IResponseValidator<int>, Even>());

        Assert.Equal(3L, await CallAsync(services, 3L));
    }

    [Fact]
    public async Task Call_WhenOneMethodReturnsSeveralTypes_AsksTheOneOfEach()
    {
        await using ServiceProvider services = Build(static s => s.AddSingleton<IResponseValidator<int>, Even>());
        CallPolicy policy = CallPolicy.Create(Policies.Operation, s_once, new ValidateResponseAttribute());

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(3L, await CallAsync(services, 3L, policy));
            await Assert.ThrowsAsync<RetriesExhaustedException>(() => CallAsync(services, 3, policy));
        }
    }

    [Fact]
    public async Task Call_WhenTheAttributeNamesAnInterface_TakesWhatIsRegistered()
    {
        await using ServiceProvider services = Build(static s => s.AddSingleton<IResponseValidator<int>, Even>());
        CallPolicy policy = CallPolicy.Create(Policies.Operation, s_once, new ValidateResponseAttribute { Validator = typeof(IResponseValidator<int>) });

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => CallAsync(services, 3, policy));
    }

    [Fact]
    public async Task Call_WhenTheAttributeNamesAnInterfaceNobodyRegistered_SaysSo()
    {
        await using ServiceProvider services = Build(static _ => { });
        CallPolicy policy = CallPolicy.Create(Policies.Operation, s_once, new ValidateResponseAttribute { Validator = typeof(IResponseValidator<int>) });

        InvalidOperationException e = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(services, 3, policy));
        Assert.Contains("IResponseValidator", e.Message, StringComparison.Ordinal);
        Assert.Contains(Policies.Operation, e.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddReliable(static o => o.Rollout.Mode = RolloutMode.On);
        add(services);
        return services.BuildServiceProvider();
    }

    private static async Task<T> CallAsync<T>(IServiceProvider services, T answer, CallPolicy? policy = null)
        => await CallRunner.RunAsync(
            services.GetRequiredService<ReliableRuntime>(),
            policy ?? CallPolicy.Create(Policies.Operation, s_once, new ValidateResponseAttribute()),
            answer,
            static (state, _, _) => new ValueTask<T>(state));

    private sealed class Even : IResponseValidator<int>
    {
        public ValidationResult Validate(int response) => response % 2 == 0 ? ValidationResult.Valid : ValidationResult.Reject("odd");
    }

    private sealed class EvenLater : IAsyncResponseValidator<int>
    {
        public async ValueTask<ValidationResult> ValidateAsync(int response, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return new Even().Validate(response);
        }
    }
}
