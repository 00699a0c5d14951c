using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>The console of the main job: with colours and a moving bar on a terminal, plain text in a file or a pipe.</summary>
internal static class Terminal
{
    public static IAnsiConsole Create(TextWriter output, bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
    });
}
