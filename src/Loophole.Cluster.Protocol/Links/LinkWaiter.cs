using System.IO.Pipelines;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Waits on the calling thread for something to read, as a <see cref="WaitStrategy"/> says. One thread at a time.</summary>
/// <remarks>A look costs a system call, a sleep the waking of a core: 30 to 70 µs. So the question is only when to look and when to sleep.</remarks>
internal sealed class LinkWaiter(PipeReader input, WaitStrategy strategy, TimeProvider time)
{
    /// <summary>The longest sleep between two looks at the token and at whether the channel still stands.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(50);

    /// <summary>A shorter sleep takes longer than it should.</summary>
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMicroseconds(50);

    private readonly WaitingPipeReader? _waiting = input is WaitingPipeReader { CanWait: true } waiting ? waiting : null;
    private readonly BlockRhythm _rhythm = new();
    private readonly LookChoice _forPeriod = new(time.TimestampFrequency);
    private readonly LookChoice _forRest = new(time.TimestampFrequency);
    private readonly ArrivalClock _clock = new(time.TimestampFrequency);
    private readonly ThreadGate _gate = new();
    private long _arrival;

    // How much later than asked for a sleep ends.
    private long _oversleep;

    /// <summary>Whether a sleep is one at the network, and not until another thread opens the gate.</summary>
    public bool WaitsAtNetwork => _waiting is not null;

    /// <summary>What <see cref="PipeReader.ReadAsync"/> would give.</summary>
    /// <exception cref="OperationCanceledException">The token fired; nothing is lost.</exception>
    public ReadResult Read(CancellationToken cancellationToken)
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

    private ReadResult ReadAdaptively(CancellationToken cancellationToken)
    {
        // The rest of a block period that comes in pieces is nearer than the next one.
        var choice = _rhythm.IsRestDue ? _forRest : _forPeriod;
        if (!choice.Begin())
        {
            return Sleep(cancellationToken);
        }

        var begin = time.GetTimestamp();
        if (!choice.Looks || !TryLook(begin + choice.Longest, cancellationToken, out var result))
        {
            result = Sleep(cancellationToken);
        }

        choice.Observe(begin, time.GetTimestamp());
        return result;
    }

    private ReadResult ReadOnTime(CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var (from, until) = _rhythm.IsRestDue ? (begin, begin + _forRest.Longest) : _clock.Expect(begin);
        if (!input.TryRead(out var result)
            && !TrySleepUntil(from, cancellationToken, out result)
            && !TryLook(until, cancellationToken, out result))
        {
            result = Sleep(cancellationToken);
        }

        _arrival = time.GetTimestamp();
        return result;
    }

    /// <summary>Looks without pause until a moment. Yields the core in between: the peer that should answer may be waiting for this very core,
    /// and often is, since the system likes to wake it where it was written to.</summary>
    private bool TryLook(long until, CancellationToken cancellationToken, out ReadResult result)
    {
        do
        {
            if (input.TryRead(out result))
            {
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }
        while (time.GetTimestamp() < until);
        result = default;
        return false;
    }

    /// <summary>Sleeps until a moment, or until something is there before it.</summary>
    private bool TrySleepUntil(long moment, CancellationToken cancellationToken, out ReadResult result)
    {
        result = default;
        while (_waiting is not null)
        {
            var begin = time.GetTimestamp();
            var sleep = time.GetElapsedTime(begin, moment - _oversleep);
            if (sleep < ShortestSleep)
            {
                break;
            }

            sleep = sleep < LongestSleep ? sleep : LongestSleep;
            if (_waiting.TryRead(sleep, out result))
            {
                return true;
            }

            _oversleep += (time.GetTimestamp() - begin - (long)(sleep.TotalSeconds * time.TimestampFrequency) - _oversleep) / 8;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    private ReadResult Sleep(CancellationToken cancellationToken)
    {
        if (_waiting is null)
        {
            return _gate.Wait(input.ReadAsync(cancellationToken));
        }

        while (true)
        {
            // A sleep that brought nothing is when an end from this side is noticed.
            if (_waiting.TryRead(LongestSleep, out var result))
            {
                return result;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
