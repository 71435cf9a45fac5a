using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Waits on the calling thread for something to read, as a <see cref="WaitStrategy"/> says. One thread at a time.</summary>
/// <remarks>A look costs a system call, a sleep the waking of a core: 30 to 70 µs. So the question is only when to look and when to sleep.</remarks>
internal sealed class LinkWaiter(LinkInput input, WaitStrategy strategy, TimeProvider time)
{
    // A shorter sleep takes longer than it should.
    private const long ShortestSleep = 50 * TimeSpan.TicksPerMicrosecond;

    // Between two looks at the token and at whether the channel still stands.
    private const long LongestSleep = 50 * TimeSpan.TicksPerMillisecond;

    private readonly BlockRhythm _rhythm = new();
    private readonly LookChoice _forPeriod = new(time.TimestampFrequency);
    private readonly LookChoice _forRest = new(time.TimestampFrequency);
    private readonly ArrivalClock _clock = new(time.TimestampFrequency);
    private long _arrival;

    // How much later than asked for a sleep ends.
    private long _oversleep;

    /// <summary>Waits until there is something to read.</summary>
    /// <exception cref="OperationCanceledException">The token fired; nothing is lost.</exception>
    public FrameReader Read(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return strategy switch
        {
            WaitStrategy.Adaptive => ReadAdaptively(cancellationToken),
            WaitStrategy.LowLatency => ReadOnTime(cancellationToken),
            _ => Sleep(cancellationToken),
        };
    }

    /// <summary>Learns from a block that was in what was read last.</summary>
    public void OnBlock(int epoch, long position)
    {
        if (_rhythm.Observe(epoch, position))
        {
            _clock.Observe(_arrival);
        }
    }

    private FrameReader ReadAdaptively(CancellationToken cancellationToken)
    {
        // The rest of a block period that comes in pieces is nearer than the next one.
        var choice = _rhythm.IsRestDue ? _forRest : _forPeriod;
        if (!choice.Begin())
        {
            return Sleep(cancellationToken);
        }

        var begin = time.GetTimestamp();
        if (!choice.Looks || !TryLook(begin + choice.Longest, cancellationToken, out var frames))
        {
            frames = Sleep(cancellationToken);
        }

        choice.Observe(begin, time.GetTimestamp());
        return frames;
    }

    private FrameReader ReadOnTime(CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var (from, until) = _rhythm.IsRestDue ? (begin, begin + _forRest.Longest) : _clock.Expect(begin);
        if (!input.TryLook(out var frames)
            && !TrySleepUntil(from, cancellationToken, out frames)
            && !TryLook(until, cancellationToken, out frames))
        {
            frames = Sleep(cancellationToken);
        }

        _arrival = time.GetTimestamp();
        return frames;
    }

    /// <summary>Looks without pause until a moment. Yields the core in between: the peer that should answer may be waiting for this very core,
    /// and often is, since the system likes to wake it where it was written to.</summary>
    private bool TryLook(long until, CancellationToken cancellationToken, out FrameReader frames)
    {
        do
        {
            if (input.TryLook(out frames))
            {
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }
        while (time.GetTimestamp() < until);
        frames = default;
        return false;
    }

    /// <summary>Sleeps until a moment, or until something is there before it.</summary>
    private bool TrySleepUntil(long moment, CancellationToken cancellationToken, out FrameReader frames)
    {
        frames = default;
        while (input.WaitsAtNetwork)
        {
            var begin = time.GetTimestamp();
            var ticks = time.GetElapsedTime(begin, moment - _oversleep).Ticks;
            if (ticks < ShortestSleep)
            {
                break;
            }

            var sleep = new TimeSpan(Math.Min(ticks, LongestSleep));
            if (input.TryWait(sleep, cancellationToken, out frames))
            {
                return true;
            }

            _oversleep += (time.GetTimestamp() - begin - (long)(sleep.TotalSeconds * time.TimestampFrequency) - _oversleep) / 8;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    private FrameReader Sleep(CancellationToken cancellationToken)
    {
        FrameReader frames;
        while (!input.TryWait(new TimeSpan(LongestSleep), cancellationToken, out frames))
        {
            // A sleep that brought nothing is when an end from this side is noticed.
            cancellationToken.ThrowIfCancellationRequested();
        }

        return frames;
    }
}
