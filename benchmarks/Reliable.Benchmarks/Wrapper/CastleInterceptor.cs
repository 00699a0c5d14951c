using Castle.DynamicProxy;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>The same from a proxy that Castle.Core makes at run time.</summary>
public sealed class CastleInterceptor(PollyCalls<Guid> calls) : IInterceptor
{
    public static IAssistant Wrap(IAssistant inner, PollyCalls<Guid> calls)
        => new ProxyGenerator().CreateInterfaceProxyWithTarget(inner, new CastleInterceptor(calls));

    public void Intercept(IInvocation invocation)
    {
        // The invocation cannot go on by itself once the interceptor has returned, which is before the second attempt.
        (IInvocation Invocation, IInvocationProceedInfo Proceed) call = (invocation, invocation.CaptureProceedInfo());
        var userId = (string)invocation.Arguments[0]!;
        var cancellationToken = (CancellationToken)invocation.Arguments[2]!;
        invocation.ReturnValue = invocation.Method.ReturnType == typeof(Task<string>)
            ? calls.RunAsync(userId, call, static (c, _) => new ValueTask<string>((Task<string>)Proceed(c)), cancellationToken)
            : Box(calls.RunValueAsync(userId, call, static (c, _) => (ValueTask<string>)Proceed(c), cancellationToken));
    }

    private static object Proceed((IInvocation Invocation, IInvocationProceedInfo Proceed) call)
    {
        call.Proceed.Invoke();
        return call.Invocation.ReturnValue!;
    }

    private static object Box(ValueTask<string> task) => task;
}
