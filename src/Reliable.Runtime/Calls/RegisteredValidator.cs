namespace Reliable.Calls;

/// <summary>The validator of one type of answer that the application registered for it, asked for once per method.</summary>
internal sealed class RegisteredValidator<T>(IServiceProvider services)
{
    public object? Value { get; } = services.GetService(typeof(IResponseValidator<T>)) ?? services.GetService(typeof(IAsyncResponseValidator<T>));
}
