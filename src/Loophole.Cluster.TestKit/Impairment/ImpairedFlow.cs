using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.TestKit.Simulation;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>Carries the bytes of one channel over a link: from a pipe that its sender fills to a pipe that its receiver drains, each at its time.</summary>
/// <remarks>
/// <para><b>Memory.</b> Bytes under way stay in the sender's pipe, whose pause threshold bounds them as a send window would.</para>
/// <para><b>Threads.</b> It works on the thread that wakes it, one at a time. It takes no lock of a channel, so it may be woken inside one.</para>
/// </remarks>
internal sealed class ImpairedFlow
{
    private readonly ImpairedLink _link;
    private readonly PipeReader _source;
    private readonly PipeWriter _destination;
    private readonly Random _random;
    private readonly int _channel;
    private readonly Action _onEnd;
    private readonly Action _onAbort;
    private readonly Action _wake;
    private readonly Exception? _cutError;
    private readonly Queue<(long EndOffset, long Due)> _segments = new();
    private long _noted;
    private long _delivered;
    private long _endDue;
    private long _wakeDue;
    private long _lastDue;
    private int _wakes;
    private bool _hasSourceEnded;
    private bool _isSourceCompleted;
    private bool _isOver;
    private volatile bool _isBackedUp;
    private volatile bool _isCut;
    private volatile bool _isSilent;
    private volatile bool _isDestinationGone;

    /// <summary>Makes a flow.</summary>
    /// <param name="link">What it crosses.</param>
    /// <param name="source">What the sender wrote; the flow's.</param>
    /// <param name="destination">What the receiver reads; the flow's.</param>
    /// <param name="channel">Number of the channel, for the trace.</param>
    /// <param name="seed">Of the draws for this flow alone.</param>
    /// <param name="onEnd">Called once, when the sender's end in good order has arrived.</param>
    /// <param name="onAbort">Called once, when the sender completed its pipe with an error.</param>
    /// <param name="cutError">What a reader meets after a cut; <see langword="null"/> when it is to read what has arrived, and then the end.</param>
    public ImpairedFlow(
        ImpairedLink link, PipeReader source, PipeWriter destination, int channel, int seed, Action onEnd, Action onAbort, Exception? cutError = null)
    {
        _link = link;
        _source = source;
        _destination = destination;
        _channel = channel;
        _random = new Random(seed);
        _onEnd = onEnd;
        _onAbort = onAbort;
        _cutError = cutError;
        _wake = Wake;
    }

    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>Looks what there is to do. Called whenever the sender has written or ended, and when time has come.</summary>
    public void Wake()
    {
        if (Interlocked.Increment(ref _wakes) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _wakes);
            Step();
        }
        while (Interlocked.Add(ref _wakes, -seen) > 0);
    }

    /// <summary>Ends the flow: nothing more arrives.</summary>
    public void Cut()
    {
        _isCut = true;
        Wake();
    }

    /// <summary>Nothing more arrives, and nobody is told.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>The receiver reads no more.</summary>
    public void EndDestination()
    {
        _isDestinationGone = true;
        Wake();
    }

    private void Step()
    {
        if (_isOver)
        {
            return;
        }

        Move();
        if (_isCut || (_isDestinationGone && (_hasSourceEnded || !_isSilent)))
        {
            Finish(_cutError);
        }
        else if (HasEndArrived())
        {
            Finish(null);
            _link.Trace(_channel, TraceEvent.Ended, _delivered);
            _onEnd();
        }
        else
        {
            AskForWake();
        }
    }

    private void Move()
    {
        try
        {
            if (!_isSourceCompleted && _source.TryRead(out var result))
            {
                var before = _noted;
                Note(result);
                var rest = result.Buffer.GetPosition(Deliver(result.Buffer));
                _link.Take(_noted - before);

                // Not examined further than consumed, so that bytes under way hold back the sender.
                _source.AdvanceTo(rest, rest);
            }
        }
        catch (Exception)
        {
            // The sender aborted: what is under way is gone.
            _hasSourceEnded = true;
            CompleteSource();
            _onAbort();
        }
    }

    private void CompleteSource()
    {
        if (!_isSourceCompleted)
        {
            _isSourceCompleted = true;
            _source.Complete();
        }
    }

    private void Finish(Exception? error)
    {
        Volatile.Write(ref _isOver, true);
        CompleteSource();
        _destination.Complete(error);
    }

    /// <summary>Gives every new byte its time of arrival.</summary>
    private void Note(in ReadResult result)
    {
        var fresh = result.Buffer.Length - (_noted - _delivered);
        if (fresh > 0)
        {
            _link.Trace(_channel, TraceEvent.Sent, fresh);
        }

        while (fresh > 0)
        {
            var conditions = _link.Conditions;
            var count = conditions.IsImmediate ? fresh : Math.Min(fresh, conditions.SegmentBytes);
            _lastDue = Math.Max(_lastDue, _link.Schedule((int)count, _random));
            _noted += count;
            _segments.Enqueue((_noted, _lastDue));
            fresh -= count;
        }

        if (result.IsCompleted && !_hasSourceEnded)
        {
            _hasSourceEnded = true;
            _endDue = Math.Max(_lastDue, _link.Schedule(0, _random));
        }
    }

    /// <summary>Hands over what is due.</summary>
    /// <returns>How many bytes.</returns>
    private long Deliver(in ReadOnlySequence<byte> buffer)
    {
        long done = 0;
        while (true)
        {
            _link.RunByteSteps();
            var due = DueBytes();
            var count = due > 0 && !_isCut && !_isSilent && !_isBackedUp && !_isDestinationGone ? _link.Claim(due, out var mask) : Nothing(out mask);
            if (count == 0)
            {
                return done;
            }

            Copy(buffer.Slice(done, count), mask);
            done += count;
            _delivered += count;
            _link.Trace(_channel, TraceEvent.Arrived, count);
            Flush();
        }
    }

    private static int Nothing(out byte mask)
    {
        mask = 0;
        return 0;
    }

    private int DueBytes()
    {
        var now = _link.Agenda.Now;
        var end = _delivered;
        while (_segments.TryPeek(out var segment) && segment.Due <= now)
        {
            end = segment.EndOffset;
            if (end > _delivered)
            {
                break;
            }

            _segments.Dequeue();
        }

        return (int)(end - _delivered);
    }

    private void Copy(in ReadOnlySequence<byte> bytes, byte mask)
    {
        foreach (var piece in bytes)
        {
            var rest = piece.Span;
            while (!rest.IsEmpty)
            {
                var span = _destination.GetSpan();
                var count = Math.Min(span.Length, rest.Length);
                rest[..count].CopyTo(span);
                span[0] ^= mask;
                mask = 0;
                _destination.Advance(count);
                rest = rest[count..];
            }
        }
    }

    private void Flush()
    {
        var flushing = _destination.FlushAsync();
        if (flushing.IsCompletedSuccessfully)
        {
            _isDestinationGone |= flushing.Result.IsCompleted;
        }
        else
        {
            _isBackedUp = true;
            _ = AwaitRoomAsync(flushing);
        }
    }

    private async Task AwaitRoomAsync(ValueTask<FlushResult> flushing)
    {
        var result = await flushing.ConfigureAwait(false);
        _isDestinationGone |= result.IsCompleted;
        _isBackedUp = false;
        Wake();
    }

    private bool HasEndArrived() =>
        _hasSourceEnded && !_isSourceCompleted && _noted == _delivered && !_isSilent && !_isBackedUp && _endDue <= _link.Agenda.Now && !_link.IsBlocked;

    private void AskForWake()
    {
        // Not only what is still to come: it may have become due since the look that did not find it.
        var due = _segments.TryPeek(out var segment) ? segment.Due : _hasSourceEnded ? _endDue : 0;
        if (due > 0 && due != _wakeDue)
        {
            _wakeDue = due;
            _link.Agenda.At(due, _wake);
        }
    }
}
