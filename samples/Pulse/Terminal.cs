using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Where people read. With <c>--json</c> that is standard error, so that standard output holds the one line alone.</summary>
internal static class Terminal
{
    /// <summary>What goes into a file or a pipe is not broken into lines.</summary>
    private const int Unbroken = 10_000;

    public static IAnsiConsole For(bool json)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out),
        });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = Unbroken;
        }

        return console;
    }
}
