using System.Reflection;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Execution;

/// <summary>Compiles a consumer with a class <c>Script</c> and runs its method <c>RunAsync</c>.</summary>
internal static class Script
{
    public static async Task<string> RunAsync(string source)
    {
        await using ReliableRuntime runtime = ConsumerRuntime.Create();
        MethodInfo run = GeneratorHarness.Run(source).AssertCompiles().Load().GetType("Script", throwOnError: true)!.GetMethod("RunAsync")!;
        return await (Task<string>)run.Invoke(null, [runtime])!;
    }
}
