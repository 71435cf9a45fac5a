namespace Loophole.Cluster.Protocol.Links;

/// <summary>Learns whether waits are over sooner by looking or by sleeping. Times are ticks of one clock.</summary>
/// <remarks>Looking saves the waking of a core when the peer has one of its own, and costs the peer its time when it has not. Nothing tells which it is but the
/// waits themselves, so both ways are tried in turn, each for a while: a system that keeps threads together on one core moves those apart that are awake, and takes its time for it.</remarks>
internal sealed class LookChoice(long ticksPerSecond)
{
    /// <summary>The longest look. Twice what waking a core costs on most machines: beyond it sleeping is cheaper and hardly slower.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromMicroseconds(100);

    /// <summary>How long a way is tried.</summary>
    public static readonly TimeSpan Trial = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the better way is used until the other is tried again.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(3);

    // A trial of fewer waits says nothing, however long it takes.
    private const int LeastWaits = 32;

    private const int SleepsPerTiming = 16;

    private readonly long _far = (long)(2 * LongestLook.TotalSeconds * ticksPerSecond);
    private readonly long _trial = (long)(Trial.TotalSeconds * ticksPerSecond);
    private readonly long _term = (long)(Term.TotalSeconds * ticksPerSecond);
    private long _looked;
    private long _slept;
    private int _phase;
    private int _waits;
    private int _begun;
    private long _phaseEnd = long.MinValue;

    /// <summary>The longest look, in ticks of the clock.</summary>
    public long Longest { get; } = (long)(LongestLook.TotalSeconds * ticksPerSecond);

    /// <summary>Whether to look in the next wait.</summary>
    public bool Looks { get; private set; } = true;

    // First one way, then the other; from then on the better one for a term, and the other for a trial.
    private bool IsTerm => _phase > 1 && _phase % 2 == 0;

    /// <summary>Begins a wait.</summary>
    /// <returns>Whether it is to be timed and observed. In a term of sleeping a few tell enough, and reading the clock twice a wait costs as much as the rest of it.</returns>
    public bool Begin() => Looks || !IsTerm || ++_begun % SleepsPerTiming == 0;

    /// <summary>Learns how long a wait took in all, of those to be timed.</summary>
    /// <param name="begin">The first look, or the beginning of the sleep.</param>
    /// <param name="end">When something was there.</param>
    public void Observe(long begin, long end)
    {
        ref var median = ref Looks ? ref _looked : ref _slept;
        median = median == 0 ? end - begin : Follow(median, end - begin);
        if (_phaseEnd == long.MinValue)
        {
            _phaseEnd = end + _trial;
        }

        if (++_waits >= LeastWaits && end >= _phaseEnd)
        {
            BeginPhase(end);
        }
    }

    private void BeginPhase(long now)
    {
        _phase++;
        _waits = 0;

        // Where what is waited for is mostly further away than a look is long, looking only adds to it.
        var isLookingBetter = _looked < _slept && _looked < _far;
        Looks = _phase > 1 && isLookingBetter == IsTerm;
        _phaseEnd = now + (IsTerm ? _term : _trial);
        if (!IsTerm)
        {
            (Looks ? ref _looked : ref _slept) = 0;
        }
    }

    // Steps towards what is seen, whatever its distance: one pause of seconds counts as little as one of a millisecond.
    private static long Follow(long median, long ticks)
    {
        var step = (median / 16) + 1;
        return ticks > median ? median + step : Math.Max(1, median - step);
    }
}
