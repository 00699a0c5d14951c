using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Analysis;

public sealed class InterfaceRulesTests
{
    [Theory]
    [InlineData("file interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); }")]
    [InlineData("public class Outer { private interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); } }")]
    [InlineData("public class Outer { protected interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); } }")]
    [InlineData("public class Outer<T> { public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); } }")]
    [InlineData("public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); static abstract int Count(); }")]
    [InlineData("public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); static abstract int Count { get; } }")]
    [InlineData("public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); protected int Count(); }")]
    [InlineData("public interface IThing : IRoot { [Retry] Task<string> AskAsync(CancellationToken ct); } public interface IRoot { protected int Count { get; } }")]
    [InlineData("public interface IThing { [Retry] Task<string> AskAsync(CancellationToken ct); int Count { get; protected set; } }")]
    public void Check_WhenItCannotBeDecorated_ReportsTheInterface(string source)
        => GeneratorHarness.Run(source).AssertOnly("REL024", "IThing");

    [Fact]
    public void Check_WhenRuntimeIsNotReferenced_ReportsTheInterface()
        => GeneratorHarness.Run(new ConsumerOptions(HasRuntime: false), Consumer.Interface("[Retry] Task<string> AskAsync(CancellationToken ct);"))
            .AssertOnly("REL027", "IThing");

    [Fact]
    public void Check_WhenSeveralMethodsAreAnnotated_ReportsOnce()
        => GeneratorHarness.Run(Consumer.Interface("""
            static abstract void Bad(); [Retry] Task<string> AskAsync(CancellationToken ct); [ValidateResponse] Task<string> TellAsync(CancellationToken ct);
            """)).AssertOnly("REL024", "IThing");
}
