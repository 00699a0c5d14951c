using Reliable.Usage;

namespace Reliable.Simulation;

internal sealed class RequestPacket<T>(SimulatedProcess sender, string what, Func<T> execute) : Packet(sender, what)
{
    private readonly TaskCompletionSource<T> _reply = new();
    private T? _result;
    private Exception? _error;

    public override bool IsAwaited => !_reply.Task.IsCompleted && !Sender.IsDead;

    public Task<T> Task => _reply.Task;

    public override void Apply()
    {
        try
        {
            _result = execute();
        }
        catch (Exception e) when (e is PoisonException or LockHeldException)
        {
            _error = e;
        }
    }

    public override void Reply()
    {
        if (_error is not null)
            Fail(_error);
        else if (!Sender.IsDead)
            _reply.TrySetResult(_result!);
    }

    public override void Fail(Exception exception)
    {
        if (!Sender.IsDead)
            _reply.TrySetException(exception);
    }

    public void Abandon(CancellationToken token) => _reply.TrySetCanceled(token);
}
