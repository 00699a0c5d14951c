using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace ChatQuota.Model;

/// <summary>The official OpenAI client behind <see cref="IChatClient"/>, for every server that speaks <c>/chat/completions</c>.</summary>
/// <remarks>
/// The client's own retries are switched off: Reliable has to see each failure, or it could neither count the attempts nor keep to the configured delays.
/// </remarks>
internal sealed class OpenAIChatClient : IChatClient
{
    private readonly ChatClient _client;
    private readonly ChatClientMetadata _metadata;
    private readonly HttpClientPipelineTransport? _transport;

    public OpenAIChatClient(ModelSettings settings)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = settings.BaseUrl,
            NetworkTimeout = settings.Timeout,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
        if (settings.BaseUrl.IsLoopback)
        {
            // A proxy that the environment names cannot reach a model on this machine.
            options.Transport = _transport = new HttpClientPipelineTransport(
                new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan });
        }

        _client = new ChatClient(settings.Model, new ApiKeyCredential(settings.ApiKey), options);
        _metadata = new ChatClientMetadata("openai", settings.BaseUrl, settings.Model);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        OpenAI.Chat.ChatMessage[] request = [.. OpenAIRequest.Messages(messages, options)];
        ChatCompletionOptions requestOptions = OpenAIRequest.Options(options);
        try
        {
            ClientResult<ChatCompletion> result = await _client.CompleteChatAsync(request, requestOptions, cancellationToken);
            return OpenAIResponse.From(result);
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenAI.Chat.ChatMessage[] request = [.. OpenAIRequest.Messages(messages, options)];
        ChatCompletionOptions requestOptions = OpenAIRequest.Options(options);
        var stream = new OpenAIStream();
        await using IAsyncEnumerator<StreamingChatCompletionUpdate> updates =
            _client.CompleteChatStreamingAsync(request, requestOptions, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(updates, cancellationToken))
        {
            yield return stream.Next(updates.Current);
        }

        if (!stream.HasFinished)
        {
            throw new Reliable.RetryableException("The model's stream was cut off.");
        }

        if (stream.TakeToolCalls() is { } toolCalls)
        {
            yield return toolCalls;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(ChatClient) ? _client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() => _transport?.Dispose();

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<StreamingChatCompletionUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Gives the client's two ambiguous kinds of failure a name that Reliable can decide by; everything else passes as it is.</summary>
    private static Exception? Translate(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The client reports its own network timeout as a cancellation, which nobody asked for.
        OperationCanceledException when !cancellationToken.IsCancellationRequested
            => new TimeoutException("The model did not answer in time.", exception),

        // What the client throws when a reply with status 200 is not a chat completion: a proxy's page, half an object, an unknown finish reason.
        JsonException or ArgumentException or NullReferenceException or InvalidOperationException and not ObjectDisposedException
            => new Reliable.RetryableException("The model's reply is not a chat completion.", exception),

        _ => null,
    };
}
