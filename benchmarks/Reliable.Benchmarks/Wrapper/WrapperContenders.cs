namespace Reliable.Benchmarks.Wrapper;

/// <summary>Everything that is compared, around one model; counters are in memory.</summary>
public sealed class WrapperContenders : IDisposable
{
    public const string UserId = "u1";
    public const string Question = "It does not start.";

    private readonly ReliableRuntime _runtime = ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On);
    private readonly PollyCalls<Guid> _pollyByGuid = new(Guid.NewGuid);
    private readonly PollyCalls<long> _pollyByLong;
    private long _lastKey;

    public WrapperContenders(InnerCall inner)
    {
        var model = new Model(inner);
        Direct = new PlainAssistant(model);
        Steps = new BareSteps(model, _runtime);
        HandWritten = new HandWrittenAssistant(model, _runtime);
        Generated = new GeneratedAssistant(model, _runtime);

        // By name, because 'dotnet format' looks at the code as it is without what is generated, and takes an unknown type for a missing using.
        var decorator = Type.GetType("Reliable.Benchmarks.Wrapper.ReliableAssistant", throwOnError: true)!;
        Decorated = (IAssistant)Activator.CreateInstance(decorator, Direct, _runtime)!;
        _pollyByLong = new PollyCalls<long>(() => Interlocked.Increment(ref _lastKey));
        PollyByLong = new PollyAssistant<long>(model, _pollyByLong);
        Polly = new PollyAssistant<Guid>(model, _pollyByGuid);
        Castle = CastleInterceptor.Wrap(Direct, _pollyByGuid);
        DispatchProxy = ProxiedAssistant.Wrap(Direct, _pollyByGuid);
        Inner = inner;
    }

    public PlainAssistant Direct { get; }

    public BareSteps Steps { get; }

    public HandWrittenAssistant HandWritten { get; }

    public GeneratedAssistant Generated { get; }

    public IAssistant Decorated { get; }

    public PollyAssistant<long> PollyByLong { get; }

    public PollyAssistant<Guid> Polly { get; }

    public IAssistant Castle { get; }

    public IAssistant DispatchProxy { get; }

    /// <summary>How the model's answer comes.</summary>
    public InnerCall Inner { get; }

    /// <summary>Whether every call ends with an exception.</summary>
    public bool IsFailing => Inner == InnerCall.FailingAlways;

    public void Dispose()
    {
        _pollyByLong.Dispose();
        _pollyByGuid.Dispose();
        _runtime.Dispose();
    }
}
