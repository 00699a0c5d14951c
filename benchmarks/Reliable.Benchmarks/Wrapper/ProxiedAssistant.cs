using System.Reflection;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>The same from a <see cref="DispatchProxy"/>.</summary>
public class ProxiedAssistant : DispatchProxy
{
    private IAssistant _inner = null!;
    private PollyCalls<Guid> _calls = null!;

    public static IAssistant Wrap(IAssistant inner, PollyCalls<Guid> calls)
    {
        IAssistant proxy = Create<IAssistant, ProxiedAssistant>();
        var proxied = (ProxiedAssistant)proxy;
        proxied._inner = inner;
        proxied._calls = calls;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = (_inner, method: targetMethod!, arguments: args!);
        var userId = (string)args![0]!;
        var cancellationToken = (CancellationToken)args[2]!;
        return targetMethod!.ReturnType == typeof(Task<string>)
            ? _calls.RunAsync(
                userId, call, static (c, _) => new ValueTask<string>((Task<string>)c.method.Invoke(c._inner, c.arguments)!), cancellationToken)
            : Box(_calls.RunValueAsync(userId, call, static (c, _) => (ValueTask<string>)c.method.Invoke(c._inner, c.arguments)!, cancellationToken));
    }

    private static object Box(ValueTask<string> task) => task;
}
