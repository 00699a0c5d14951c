using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Contract;

public sealed class ContractTests
{
    [Fact]
    public void SupportAssistant_WhenGenerated_CompilesWithoutWarning()
        => GeneratorHarness.Run(ContractSources.SupportAssistant).AssertClean();

    [Fact]
    public void SupportAssistant_WhenGenerated_HasAtMostFortyLines()
        => Assert.InRange(GeneratorHarness.Run(ContractSources.SupportAssistant).Source.Split('\n').Length, 15, 40);

    [Fact]
    public void Summarizer_WhenGenerated_CompilesWithoutWarning()
        => GeneratorHarness.Run(ContractSources.Summarizer).AssertClean();
}
