using System.IO.Pipelines;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Waits on the calling thread for something to read, as a <see cref="WaitStrategy"/> says. One thread at a time.</summary>
/// <remarks>A look costs a system call, a sleep the waking of a core: 30 to 70 µs. So the question is only how long to look before sleeping.</remarks>
internal sealed class LinkWaiter(PipeReader input, WaitStrategy strategy, TimeProvider time)
{
    /// <summary>The longest sleep between two looks at the token and at whether the channel still stands.</summary>
    private const int SleepMilliseconds = 50;

    private readonly WaitingPipeReader? _waiting = input is WaitingPipeReader { CanWait: true } waiting ? waiting : null;
    private readonly SpinBudget _budget = new(time.TimestampFrequency);
    private readonly ArrivalClock _clock = new(time.TimestampFrequency);
    private readonly ThreadGate _gate = new();
    private readonly long _piece = (long)(SpinBudget.Longest.TotalSeconds * time.TimestampFrequency);
    private long _arrival;

    /// <summary>What <see cref="PipeReader.ReadAsync"/> would give.</summary>
    /// <exception cref="OperationCanceledException">The token fired; nothing is lost.</exception>
    public ReadResult Read(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return strategy switch
        {
            WaitStrategy.Adaptive => ReadAdaptively(cancellationToken),
            WaitStrategy.LowLatency => ReadOnTime(cancellationToken),
            _ => input.TryRead(out var result) ? result : Sleep(cancellationToken),
        };
    }

    /// <summary>Says that what was read last held the first block of a block period.</summary>
    public void OnPeriod()
    {
        if (strategy == WaitStrategy.LowLatency)
        {
            _clock.Observe(_arrival);
        }
    }

    private ReadResult ReadAdaptively(CancellationToken cancellationToken)
    {
        if (input.TryRead(out var result))
        {
            return result;
        }

        var begin = time.GetTimestamp();
        if (!TryLook(begin + _budget.Ticks, cancellationToken, out result))
        {
            result = Sleep(cancellationToken);
        }

        _budget.Observe(time.GetTimestamp() - begin);
        return result;
    }

    private ReadResult ReadOnTime(CancellationToken cancellationToken)
    {
        if (!input.TryRead(out var result))
        {
            // The rest of a block period that came in pieces is not worth a sleep.
            var begin = time.GetTimestamp();
            var (lookFrom, lookUntil) = _clock.Expect(begin);
            if (!TryLook(begin + _piece, cancellationToken, out result)
                && !TrySleepUntil(lookFrom, cancellationToken, out result)
                && !TryLook(lookUntil, cancellationToken, out result))
            {
                result = Sleep(cancellationToken);
            }
        }

        _arrival = time.GetTimestamp();
        return result;
    }

    /// <summary>Looks without pause until a moment. Yields the core in between: the peer that should answer may be waiting for this very core,
    /// and often is, since the system likes to wake it where it was written to.</summary>
    private bool TryLook(long until, CancellationToken cancellationToken, out ReadResult result)
    {
        while (time.GetTimestamp() < until)
        {
            if (input.TryRead(out result))
            {
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }

        result = default;
        return false;
    }

    /// <summary>Sleeps until a moment, or until something is there before it.</summary>
    private bool TrySleepUntil(long moment, CancellationToken cancellationToken, out ReadResult result)
    {
        result = default;
        while (_waiting is not null)
        {
            var milliseconds = (moment - time.GetTimestamp()) * 1000 / time.TimestampFrequency;
            if (milliseconds < 1)
            {
                break;
            }

            if (_waiting.Wait((int)Math.Min(milliseconds, SleepMilliseconds)) && input.TryRead(out result))
            {
                return true;
            }

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
            // The look after a sleep that brought nothing is what notices an end from this side.
            _waiting.Wait(SleepMilliseconds);
            if (input.TryRead(out var result))
            {
                return result;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
