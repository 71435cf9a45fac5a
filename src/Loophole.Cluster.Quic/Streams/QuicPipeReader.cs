using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;
using Loophole.Cluster.Quic.Wire;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>The reading side of a stream as a pipe's end, with no pipe between: what QUIC hands over is what the user parses.</summary>
/// <remarks>A cancelled read of a <see cref="QuicStream"/> aborts the stream. So the stream's read is never cancelled: it goes on, and the next
/// read of this reader waits for the same one. Nothing is read ahead, so that unread bytes hold back the peer.</remarks>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed partial class QuicPipeReader : PipeReader, IValueTaskSource<ReadResult>
{
    private const int LeastFree = 4 * 1024;

    private readonly Lock _gate = new();
    private readonly QuicStream _stream;
    private readonly MemoryPool<byte> _pool;
    private readonly int _segmentSize;
    private readonly Action _onRead;
    private ReadSegment? _head;
    private ReadSegment? _tail;
    private ReadSegment? _spare;
    private int _consumed;
    private long _examined;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private bool _isReading;
    private bool _hasEnded;
    private bool _isCompleted;
    private Exception? _failure;

    /// <summary>Makes a reader.</summary>
    /// <param name="stream">The stream, the caller's to dispose, later than the reader.</param>
    /// <param name="pool">Where memory is rented.</param>
    /// <param name="segmentSize">Bytes rented at a time.</param>
    public QuicPipeReader(QuicStream stream, MemoryPool<byte> pool, int segmentSize)
    {
        _stream = stream;
        _pool = pool;
        _segmentSize = segmentSize;
        _onRead = OnRead;
    }

    private long End => _tail?.End ?? 0;

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            ThrowIfBusy();
            return TakeOrStart(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (consumed.GetObject() is not ReadSegment segment || _isCompleted)
            {
                // Nothing was there to consume.
                return;
            }

            _examined = examined.GetObject() is ReadSegment last ? Math.Max(_examined, last.RunningIndex + examined.GetInteger()) : _examined;
            while (_head != segment)
            {
                Recycle(_head!);
                _head = (ReadSegment)_head!.Next!;
            }

            _consumed = consumed.GetInteger();
            if (_head == _tail && _consumed == _head.Length && !_isReading)
            {
                _head.Reset(_head.End);
                _consumed = 0;
            }
        }
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
            if (!_isReading)
            {
                ReturnAll();
            }
        }

        if (!_hasEnded)
        {
            // Ends a read under way, too, which then gives its memory back.
            QuicStreams.Abort(_stream, QuicAbortDirection.Read, exception is null ? CloseCode.Done : CloseCode.Aborted);
        }
    }

    /// <summary>Takes what is there, starting a read when nothing is. Holds the gate.</summary>
    private bool TakeOrStart(out ReadResult result)
    {
        while (!TryTake(out result))
        {
            if (_isReading || !Read())
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTake(out ReadResult result)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        var isCanceled = _isCancelRequested;
        if (!isCanceled && !_hasEnded && End == _examined)
        {
            result = default;
            return false;
        }

        _isCancelRequested = false;
        var buffer = _head is null ? default : new ReadOnlySequence<byte>(_head, _consumed, _tail!, _tail!.Length);
        result = new ReadResult(buffer, isCanceled, _hasEnded);
        return true;
    }

    /// <summary>Reads once. Holds the gate.</summary>
    /// <returns>Whether the read is over already; if not, <see cref="OnRead"/> will be called.</returns>
    [SuppressMessage("Reliability", "CA2012", Justification = "Its awaiter is kept, and asked once: waiting this way allocates nothing.")]
    private bool Read()
    {
        if (_tail is null || _tail.Free.Length < Math.Min(LeastFree, _segmentSize))
        {
            AddSegment();
        }

        try
        {
            // No token: cancelling would abort the stream.
            _reading = _stream.ReadAsync(_tail!.Free, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            _failure = QuicErrors.OfChannel(exception);
            return true;
        }

        if (_reading.IsCompleted)
        {
            EndRead();
            return true;
        }

        _isReading = true;
        _reading.UnsafeOnCompleted(_onRead);
        return false;
    }

    /// <summary>Takes the outcome of a read. Holds the gate.</summary>
    private void EndRead()
    {
        _isReading = false;
        try
        {
            var count = _reading.GetResult();
            _tail!.Append(count);
            _hasEnded = count == 0;
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            _failure = QuicErrors.OfChannel(exception);
        }
    }

    private void OnRead()
    {
        Wakeup wakeup = default;
        lock (_gate)
        {
            EndRead();
            if (_isCompleted)
            {
                ReturnAll();
            }
            else
            {
                wakeup = WakeIfReady();
            }
        }

        wakeup.Set(ref _result);
    }

    private void AddSegment()
    {
        var segment = _spare ?? new ReadSegment(_pool, _segmentSize);
        _spare = null;
        segment.Reset(End);
        _tail?.SetNext(segment);
        _head ??= segment;
        _tail = segment;
    }

    private void Recycle(ReadSegment segment)
    {
        if (_spare is null)
        {
            _spare = segment;
        }
        else
        {
            segment.Return();
        }
    }

    private void ReturnAll()
    {
        for (var segment = _head; segment is not null; segment = (ReadSegment?)segment.Next)
        {
            segment.Return();
        }

        _spare?.Return();
        (_head, _tail, _spare) = (null, null, null);
    }
}
