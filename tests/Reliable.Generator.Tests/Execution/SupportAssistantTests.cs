using System.Reflection;
using Microsoft.Extensions.AI;
using Reliable.Generator.Tests.Contract;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Execution;

/// <summary>The contract's class, compiled, loaded and called.</summary>
public sealed class SupportAssistantTests
{
    [Fact]
    public async Task AskAsync_WhenAnswerIsGood_AsksOnceAndChargesOnce()
    {
        await using ReliableRuntime runtime = ConsumerRuntime.Create();
        Type type = GeneratorHarness.Run(ContractSources.SupportAssistant).Load().GetType("SupportAssistant", throwOnError: true)!;
        RecordingClient client = new("Thank you, I am well.");
        object assistant = Activator.CreateInstance(type, client, runtime)!;
        MethodInfo ask = type.GetMethod("AskAsync")!;

        Task<ChatResponse> answer = (Task<ChatResponse>)ask.Invoke(assistant, ["user-1", "How are you today?", TestContext.Current.CancellationToken])!;

        Assert.Equal("Thank you, I am well.", (await answer).Text);
        Assert.Equal("How are you today?", Assert.Single(client.Asked));
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("user-1", TestContext.Current.CancellationToken)).Used);
    }

    [Fact]
    public async Task AskAsync_WhenEveryAnswerIsTooShort_AsksTheFallbackWithGuidance()
    {
        await using ReliableRuntime runtime = ConsumerRuntime.Create();
        Type type = GeneratorHarness.Run(ContractSources.SupportAssistant.Replace("[1000, 2000, 4000]", "[0]", StringComparison.Ordinal))
            .Load().GetType("SupportAssistant", throwOnError: true)!;
        RecordingClient client = new("no", "no", "no", "no", "A long enough answer.");
        object assistant = Activator.CreateInstance(type, client, runtime)!;

        ChatResponse answer = await (Task<ChatResponse>)type.GetMethod("AskAsync")!.Invoke(assistant, ["user-1", "Why?", CancellationToken.None])!;

        Assert.Equal("A long enough answer.", answer.Text);
        Assert.Equal(["Why?", "Why?", "Why?", "Why?", "Why?"], client.Asked);
        Assert.Equal(2, client.LastMessages.Count);
        Assert.NotEmpty(client.LastMessages[0].Text);
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("user-1", TestContext.Current.CancellationToken)).Used);
    }

    [Fact]
    public void AskAsync_WhenReflected_HasTheDefaultValueAndTheGeneratedCodeAttribute()
    {
        MethodInfo ask = GeneratorHarness.Run(ContractSources.SupportAssistant).Load().GetType("SupportAssistant", throwOnError: true)!.GetMethod("AskAsync")!;

        Assert.True(ask.GetParameters()[2].HasDefaultValue);
        Assert.Equal("Reliable.Generator", ask.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>()!.Tool);
    }

    /// <summary>What a debugger goes by: of the wrapper it shows the line, of the lambdas it shows nothing, and Core is the user's own.</summary>
    [Fact]
    public void AskAsync_WhenSteppedInto_ShowsTheUsersMethodNext()
    {
        Type type = GeneratorHarness.Run(ContractSources.SupportAssistant).Load().GetType("SupportAssistant", throwOnError: true)!;
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        MethodInfo[] lambdas = [.. type.GetNestedTypes(All).SelectMany(static nested => nested.GetMethods(All)).Where(static method => method.Name.Contains("<AskAsync>", StringComparison.Ordinal))];

        Assert.Equal(2, lambdas.Length);
        Assert.All(lambdas, static lambda => Assert.NotNull(lambda.GetCustomAttribute<System.Diagnostics.DebuggerStepThroughAttribute>()));
        Assert.All([type.GetMethod("AskAsync", All)!, type.GetMethod("AskCoreAsync", All)!], static method => Assert.Null(method.GetCustomAttribute<System.Diagnostics.DebuggerStepThroughAttribute>()));
    }

    private sealed class RecordingClient(params string[] answers) : IChatClient
    {
        private readonly Queue<string> _answers = new(answers);

        public List<string> Asked { get; } = [];

        public IReadOnlyList<ChatMessage> LastMessages { get; private set; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LastMessages = [.. messages];
            Asked.Add(LastMessages[^1].Text);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, _answers.Dequeue())));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new NotSupportedException("The assistant does not stream.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
