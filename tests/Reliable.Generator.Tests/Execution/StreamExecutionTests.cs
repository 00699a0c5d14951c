using Microsoft.CodeAnalysis;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Execution;

/// <summary>The token of a stream's Core method, and the validator that the service provider has for a stream.</summary>
public sealed class StreamExecutionTests
{
    /// <summary>The compiler says so wherever the parameter stands; the argument arrives all the same, for it is passed as one.</summary>
    [Theory]
    [InlineData("CancellationToken ct, string q")]
    [InlineData("string q, CancellationToken ct")]
    [InlineData("string q, CancellationToken ct, AttemptContext attempt")]
    [InlineData("string q, AttemptContext attempt, CancellationToken ct = default")]
    [InlineData("[EnumeratorCancellation] CancellationToken ct, string q")]
    [InlineData("string q, [EnumeratorCancellation] CancellationToken ct = default")]
    public async Task Core_WhenItIsAnAsyncIterator_GetsTheTokenWithOrWithoutTheAttribute(string parameters)
    {
        string source = $$"""
            using System.Runtime.CompilerServices;
            public partial class Script(ReliableRuntime reliable)
            {
                [Retry(MaxRetries = 0)] public partial IAsyncEnumerable<string> AskAsync(string q, CancellationToken ct);
                private async IAsyncEnumerable<string> AskCoreAsync({{parameters}})
                {
                    yield return q + ct.CanBeCanceled;
                    await Task.Delay(Timeout.Infinite, ct);
                }

                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    using CancellationTokenSource source = new();
                    string seen = "";
                    try
                    {
                        await foreach (string part in new Script(runtime).AskAsync("q", source.Token)) { seen += part; await source.CancelAsync(); }
                    }
                    catch (OperationCanceledException) { seen += " cancelled"; }

                    return seen;
                }
            }
            """;
        bool isMarked = parameters.Contains("EnumeratorCancellation", StringComparison.Ordinal);

        Assert.Equal(isMarked ? [] : ["CS8425"], GeneratorHarness.Run(source).CompilerDiagnostics.Select(static each => each.Id));
        Assert.Equal("qTrue cancelled", await Script.RunAsync("#pragma warning disable CS8425\n" + source));
    }

    /// <summary>On the annotated method the attribute does nothing, and the compiler says that as well: in the file of the user, not in the generated one.</summary>
    [Fact]
    public void Wrapper_WhenItsTokenHasTheAttribute_IsReportedByTheCompilerInTheSource()
    {
        IReadOnlyList<Diagnostic> problems = GeneratorHarness.Run("""
            public partial class C(ReliableRuntime reliable)
            {
                [Retry] public partial IAsyncEnumerable<string> AskAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct);
                private IAsyncEnumerable<string> AskCoreAsync(CancellationToken ct) => throw new InvalidOperationException();
            }
            """).CompilerDiagnostics;

        Diagnostic problem = Assert.Single(problems);
        Assert.Equal(("CS8424", "/consumer/File1.cs"), (problem.Id, problem.Location.SourceTree!.FilePath));
    }

    [Theory]
    [InlineData("[ValidateResponse(Validator = typeof(IStreamValidator<int>))]")]
    [InlineData("[ValidateResponse(Validator = typeof(Positive))]")]
    public async Task Stream_WhenItsValidatorIsRegistered_IsJudgedByIt(string validation)
        => Assert.Equal("7, asked 2 times", await Script.RunAsync($$"""
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            public sealed class Positive : IStreamValidator<int>
            {
                public IStreamJudge<int> Begin() => new Judge();
                private sealed class Judge : IStreamJudge<int>
                {
                    private bool _isGood;
                    public StreamVerdict Add(int update) => (_isGood |= update > 0) ? StreamVerdict.Valid : StreamVerdict.Undecided;
                    public ValidationResult Complete() => _isGood ? ValidationResult.Valid : ValidationResult.Reject("nothing positive");
                }
            }

            public partial class Numbers(ReliableRuntime reliable)
            {
                public int Asked { get; private set; }
                [Retry(BackoffMs = [0]), {{validation[1..]}} public partial IAsyncEnumerable<int> AskAsync(CancellationToken ct);
                private async IAsyncEnumerable<int> AskCoreAsync(AttemptContext attempt) { Asked++; await Task.Yield(); yield return attempt.Number == 1 ? -1 : 7; }
            }

            public static class Script
            {
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    ServiceCollection services = new();
                    services.AddReliable(new ConfigurationBuilder().AddInMemoryCollection([new("Reliable:Rollout:Mode", "On")]).Build());
                    services.AddSingleton<IStreamValidator<int>, Positive>().AddSingleton<Numbers>();
                    await using ServiceProvider provider = services.BuildServiceProvider();
                    Numbers numbers = provider.GetRequiredService<Numbers>();
                    List<int> seen = [];
                    await foreach (int each in numbers.AskAsync(default)) seen.Add(each);
                    return $"{string.Join(", ", seen)}, asked {numbers.Asked} times";
                }
            }
            """));
}
