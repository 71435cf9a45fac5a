namespace Loophole.Bench.Playback;

/// <summary>A thread that wakes at the period of the device and does nothing else: what the machine itself makes late.</summary>
internal sealed class ControlTimer : IDisposable
{
    private readonly Thread _thread;
    private readonly TimeSpan _period;
    private readonly TimeSpan _allowed;
    private volatile bool _isEnding;
    private long _wakings;
    private long _late;

    /// <param name="period">How often.</param>
    /// <param name="allowed">A waking that is later than this is late.</param>
    public ControlTimer(TimeSpan period, TimeSpan allowed)
    {
        (_period, _allowed) = (period, allowed);
        _thread = new Thread(Run) { IsBackground = true, Name = "control timer", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public long Wakings => Volatile.Read(ref _wakings);

    public long Late => Volatile.Read(ref _late);

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
    }

    private void Run()
    {
        var start = BenchClock.Now;
        for (var period = 1L; !_isEnding; period++)
        {
            var due = start + (long)(period * _period.TotalNanoseconds);
            BenchClock.SleepUntil(due);
            Volatile.Write(ref _late, _late + (BenchClock.Now - due > _allowed.TotalNanoseconds ? 1 : 0));
            Volatile.Write(ref _wakings, period);
        }
    }
}
