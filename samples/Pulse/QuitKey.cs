namespace Loophole.Pulse;

/// <summary>Ends something when <c>q</c> is pressed on a terminal.</summary>
internal sealed class QuitKey : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Timer? _timer;

    private QuitKey(Timer? timer) => _timer = timer;

    /// <summary>Looks at the keyboard now and then; not at all when there is none.</summary>
    public static QuitKey Watch(CancellationTokenSource quit) => new(Console.IsInputRedirected ? null : new Timer(_ => LookAt(quit), null, Look, Look));

    public void Dispose() => _timer?.Dispose();

    private static void LookAt(CancellationTokenSource quit)
    {
        try
        {
            while (Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).Key == ConsoleKey.Q)
                {
                    quit.Cancel();
                }
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or ObjectDisposedException)
        {
            // The terminal, or what is to end, is gone.
        }
    }
}
