namespace Reliable.Generator.Tests.Execution;

/// <summary>Decorators, registered with a real service collection and called.</summary>
public sealed class DecoratorExecutionTests
{
    [Fact]
    public async Task AddSummarizer_WhenResolved_WrapsAnnotatedMethodsAndHandsOnTheRest()
        => Assert.Equal("ReliableSummarizer, OpenAI, summary of x after 2, 1 used", await Script.RunAsync("""
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            public interface ISummarizer
            {
                [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
                Task<string> SummarizeAsync(string userId, string text, AttemptContext attempt = default, CancellationToken cancellationToken = default);
                string Name { get; }
            }

            public sealed class OpenAISummarizer : ISummarizer
            {
                public Task<string> SummarizeAsync(string userId, string text, AttemptContext attempt, CancellationToken cancellationToken)
                    => Task.FromResult(attempt.Number == 1 ? "" : $"summary of {text} after {attempt.Number}");
                public string Name => "OpenAI";
            }

            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    ServiceCollection services = new();
                    services.AddReliable(new ConfigurationBuilder().Build()).AddSummarizer<OpenAISummarizer>();
                    services.AddSingleton(runtime);
                    await using ServiceProvider provider = services.BuildServiceProvider();
                    ISummarizer summarizer = provider.GetRequiredService<ISummarizer>();
                    string answer = await summarizer.SummarizeAsync("u", "x");
                    long used = (await runtime.Usage.GetUsageAsync("u")).Used;
                    return $"{summarizer.GetType().Name}, {summarizer.Name}, {answer}, {used} used";
                }
            }
            """));

    [Fact]
    public async Task AddKeyedSummarizer_WhenResolved_WrapsTheImplementationOfTheKey()
        => Assert.Equal("quick: ok, deep: ok, 2 used, none without a key", await Script.RunAsync("""
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            public interface ISummarizer
            {
                [UsageTransaction] Task<string> SummarizeAsync(string userId, CancellationToken ct);
                string Name { get; }
            }

            public sealed class Summarizer([ServiceKey] string key) : ISummarizer
            {
                public Task<string> SummarizeAsync(string userId, CancellationToken ct) => Task.FromResult("ok");
                public string Name => key;
            }

            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    ServiceCollection services = new();
                    services.AddReliable(new ConfigurationBuilder().Build())
                        .AddKeyedSummarizer<Summarizer>("quick")
                        .AddKeyedSummarizer<Summarizer>("deep", ServiceLifetime.Transient);
                    services.AddSingleton(runtime);
                    await using ServiceProvider provider = services.BuildServiceProvider();
                    string said = "";
                    foreach (string key in new[] { "quick", "deep" })
                    {
                        ISummarizer summarizer = provider.GetRequiredKeyedService<ISummarizer>(key);
                        said += $"{summarizer.Name}: {await summarizer.SummarizeAsync("u", default)}, ";
                    }

                    return $"{said}{(await runtime.Usage.GetUsageAsync("u")).Used} used, {provider.GetService<ISummarizer>()?.Name ?? "none"} without a key";
                }
            }
            """));

    [Fact]
    public async Task Decorator_WhenMembersAreForwarded_ReachesTheImplementation()
        => Assert.Equal("get 1 set item 5 raised out 9 ref 4 generic String default 6 root 8", await Script.RunAsync("""
            public interface IRoot { int Count(); }
            public interface IThing : IRoot
            {
                [Retry] Task<string> AskAsync(string q);
                int Value { get; set; }
                string this[int index] { get; }
                event Action? Changed;
                void Out(out int value);
                ref int Ref();
                string Generic<T>(T value);
                int Default() => 5;
                new int Count();
            }
            public sealed class Thing : IThing
            {
                private int _value = 1;
                public Task<string> AskAsync(string q) => Task.FromResult(q);
                public int Value { get => _value; set => _value = value; }
                public string this[int index] => "item " + index;
                public event Action? Changed;
                public void Out(out int value) { value = 9; Changed?.Invoke(); }
                public ref int Ref() => ref _value;
                public string Generic<T>(T value) => typeof(T).Name;
                public int Default() => 6;
                public int Count() => 7;
                int IRoot.Count() => 8;
            }
            public static class Script
            {
                public static Task<string> RunAsync(ReliableRuntime runtime)
                {
                    string raised = "";
                    IThing thing = new ReliableThing(new Thing(), runtime);
                    Action handler = () => raised += " raised";
                    int first = thing.Value;
                    thing.Value = 3;
                    thing.Changed += handler;
                    thing.Out(out int value);
                    thing.Changed -= handler;
                    thing.Out(out _);
                    thing.Ref()++;
                    return Task.FromResult($"get {first} set {thing[5]}{raised} out {value} ref {thing.Value} generic {thing.Generic("x")} default {thing.Default()} root {((IRoot)thing).Count()}");
                }
            }
            """));

    [Fact]
    public async Task AddThing_WhenGeneric_RegistersTheConstructedInterface()
        => Assert.Equal("4", await Script.RunAsync("""
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            public interface IThing<T> { [Retry] Task<string> AskAsync(T q, CancellationToken ct = default); }
            public sealed class Thing : IThing<int> { public Task<string> AskAsync(int q, CancellationToken ct) => Task.FromResult((q + 1).ToString()); }
            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    ServiceCollection services = new();
                    services.AddReliable(new ConfigurationBuilder().Build()).AddThing<int, Thing>(ServiceLifetime.Scoped);
                    services.AddSingleton(runtime);
                    await using ServiceProvider provider = services.BuildServiceProvider();
                    await using AsyncServiceScope scope = provider.CreateAsyncScope();
                    return await scope.ServiceProvider.GetRequiredService<IThing<int>>().AskAsync(3);
                }
            }
            """));
}
