using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Where people read. With <c>--json</c> that is standard error, so that standard output holds the one line alone.</summary>
internal static class Terminal
{
    public static IAnsiConsole For(bool json) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out),
        Interactive = InteractionSupport.No,
    });
}
