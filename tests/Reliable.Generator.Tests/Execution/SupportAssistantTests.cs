using System.Reflection;
using Microsoft.Extensions.AI;
using Reliable.Generator.Tests.Contract;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Execution;

/// <summary>The contract's class, compiled, loaded and called.</summary>
public sealed class SupportAssistantTests
{
    [Fact]
    public async Task AskAsync_WhenCalled_AsksTheModelWithTheCallersArguments()
    {
        Type type = GeneratorHarness.Run(ContractSources.SupportAssistant).Load().GetType("SupportAssistant", throwOnError: true)!;
        RecordingClient client = new();
        object assistant = Activator.CreateInstance(type, client, ConsumerRuntime.Create())!;
        MethodInfo ask = type.GetMethod("AskAsync")!;

        Task<ChatResponse> answer = (Task<ChatResponse>)ask.Invoke(assistant, ["user-1", "How are you today?", TestContext.Current.CancellationToken])!;

        Assert.Equal("Thank you, I am well.", (await answer).Text);
        Assert.Equal("How are you today?", client.Asked.Single());
    }

    [Fact]
    public void AskAsync_WhenReflected_HasTheDefaultValueAndTheGeneratedCodeAttribute()
    {
        MethodInfo ask = GeneratorHarness.Run(ContractSources.SupportAssistant).Load().GetType("SupportAssistant", throwOnError: true)!.GetMethod("AskAsync")!;

        Assert.True(ask.GetParameters()[2].HasDefaultValue);
        Assert.Equal("Reliable.Generator", ask.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>()!.Tool);
    }

    private sealed class RecordingClient : IChatClient
    {
        public List<string> Asked { get; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked.Add(messages.Last().Text);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Thank you, I am well.")));
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
