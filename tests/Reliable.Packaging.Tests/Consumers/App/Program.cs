using System;
using System.Threading;
using System.Threading.Tasks;
using Library;
using Microsoft.Extensions.DependencyInjection;
using Reliable;

await using ServiceProvider services = new ServiceCollection()
    .AddReliable(o => o.Rollout.Mode = RolloutMode.On)
    .AddTranslator<Shouter>()
    .AddKeyedTranslator<Shouter>("deep")
    .Services
    .AddSingleton<WordCounter>()
    .BuildServiceProvider();

var translator = services.GetRequiredService<ITranslator>();
Console.WriteLine($"{translator.Language}: {await translator.TranslateAsync("u1", "hello")}");
Console.WriteLine(await services.GetRequiredService<WordCounter>().DescribeAsync("u1", "hello"));
WordCount count = await services.GetRequiredService<WordCounter>().CountAsync("hello");
await services.GetRequiredService<WordCounter>().ForgetAsync("hello");
Console.WriteLine($"{count.Language}: {count.Words[0]}");
Console.WriteLine($"deep: {services.GetRequiredKeyedService<ITranslator>("deep").Language}");
Console.WriteLine($"used {(await services.GetRequiredService<ReliableRuntime>().Usage.GetUsageAsync("u1", "words")).Used}");

internal sealed class Shouter : ITranslator
{
    public string Language => "loud";

    public ValueTask<string> TranslateAsync(string userId, string text, CancellationToken cancellationToken = default) => new(text.ToUpperInvariant());
}
