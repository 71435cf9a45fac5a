using Loophole.Cluster;

namespace Loophole.Pulse;

/// <summary>The keys of <c>pulse play</c>, on a terminal: what is pressed is asked of the transport.</summary>
internal sealed class PlayKeys : IDisposable
{
    /// <summary>What the view says of them.</summary>
    public const string Help = "space plays and pauses, ← and → go 5 s, home stops at the start, l loops or not, q ends";

    private const int StepSeconds = 5;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly PlaybackControl _control;
    private readonly int _sampleRate;
    private readonly LoopRegion? _loop;
    private readonly Action _quit;
    private readonly Timer? _timer;
    private volatile PlayProgress? _last;
    private int _isLooking;

    /// <summary>Looks at the keyboard now and then; not at all when there is none.</summary>
    /// <param name="control">What is asked.</param>
    /// <param name="sampleRate">Frames per second.</param>
    /// <param name="loop">What <c>l</c> repeats.</param>
    /// <param name="quit">What <c>q</c> does.</param>
    public PlayKeys(PlaybackControl control, int sampleRate, LoopRegion? loop, Action quit)
    {
        (_control, _sampleRate, _loop, _quit) = (control, sampleRate, loop, quit);
        _timer = Console.IsInputRedirected ? null : new Timer(_ => LookAtKeyboard(), null, Look, Look);
    }

    /// <summary>Where it is, which decides what a key means.</summary>
    public void Follow(PlayProgress progress) => _last = progress;

    public void Dispose() => _timer?.Dispose();

    private void LookAtKeyboard()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return;
        }

        try
        {
            while (Console.KeyAvailable)
            {
                // Refused only when playing has ended, which is seen anyway.
                _ = Press(Console.ReadKey(intercept: true).Key).ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);
            }
        }
        catch (InvalidOperationException)
        {
            // The terminal is gone.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private Task Press(ConsoleKey key)
    {
        if (key == ConsoleKey.Q)
        {
            _quit();
        }

        return _last is not { } at ? Task.CompletedTask : key switch
        {
            ConsoleKey.Spacebar => at.IsRunning ? _control.PauseAsync() : _control.RunAsync(),
            ConsoleKey.LeftArrow => _control.LocateAsync(Math.Max(0, at.ProjectFrame - ((long)StepSeconds * _sampleRate))),
            ConsoleKey.RightArrow => _control.LocateAsync(at.ProjectFrame + ((long)StepSeconds * _sampleRate)),
            ConsoleKey.Home => _control.StopAsync(),
            ConsoleKey.L => _control.RepeatAsync(at.Loop is null ? _loop : null),
            _ => Task.CompletedTask,
        };
    }
}
