using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;
using Loophole.Cluster.Quic.Wire;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>The writing side of a stream as a pipe's end, with no pipe between: a flush is one write, and waits for it.</summary>
/// <remarks>A cancelled write of a <see cref="QuicStream"/> aborts the stream. So a flush that is cancelled only stops waiting: what it sealed goes
/// out behind what went before, and later writing goes to another buffer.</remarks>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed partial class QuicPipeWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    // What one large write has needed is not kept for ever.
    private const int MostKept = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly QuicStream _stream;
    private readonly MemoryPool<byte> _pool;
    private readonly int _bufferSize;
    private readonly Action _onWritten;
    private readonly Queue<SendBuffer> _sealed = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SendBuffer? _filling;
    private SendBuffer? _sending;
    private SendBuffer? _spare;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _writing;
    private bool _isCompleted;
    private bool _isAborted;
    private bool _hasPeerStopped;
    private Exception? _failure;

    /// <summary>Makes a writer.</summary>
    /// <param name="stream">The stream, the caller's to dispose, later than the writer.</param>
    /// <param name="pool">Where memory is rented.</param>
    /// <param name="bufferSize">Bytes rented at first.</param>
    /// <param name="first">What goes before anything else, once <see cref="Start"/> was called or something is flushed; nothing when empty.</param>
    public QuicPipeWriter(QuicStream stream, MemoryPool<byte> pool, int bufferSize, ReadOnlySpan<byte> first = default)
    {
        _stream = stream;
        _pool = pool;
        _bufferSize = bufferSize;
        _onWritten = OnWritten;
        if (!first.IsEmpty)
        {
            var buffer = new SendBuffer(pool, bufferSize);
            first.CopyTo(buffer.Room(first.Length).Span);
            buffer.Advance(first.Length);
            _sealed.Enqueue(buffer);
        }
    }

    /// <summary>Completes when all was handed to QUIC and the end was announced, or nothing can be sent any more, and all memory is back. [any]</summary>
    public Task Drained => _drained.Task;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _filling?.Length ?? 0;

    /// <summary>Sends what is to go first. [once]</summary>
    public void Start()
    {
        lock (_gate)
        {
            Send();
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        return (_filling ?? NextBuffer()).Room(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes > 0)
        {
            (_filling ?? throw new InvalidOperationException("No memory was asked for.")).Advance(bytes);
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (TryComplete(isAborted: exception is not null) && exception is not null)
        {
            QuicStreams.Abort(_stream, QuicAbortDirection.Write, CloseCode.Aborted);
        }
    }

    /// <summary>Gives the memory back and leaves the stream alone. Before <see cref="Start"/> only.</summary>
    public void Discard() => TryComplete(isAborted: true);

    private bool TryComplete(bool isAborted)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return false;
            }

            _isCompleted = true;
            _isAborted = isAborted;
            Seal();
            Send();
            return true;
        }
    }

    private SendBuffer NextBuffer()
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                throw new InvalidOperationException("Writing has been completed.");
            }

            _filling = _spare ?? new SendBuffer(_pool, _bufferSize);
            _spare = null;
            return _filling;
        }
    }

    private void Seal()
    {
        if (_filling is { Length: > 0 })
        {
            _sealed.Enqueue(_filling);
            _filling = null;
        }
    }

    /// <summary>Hands over what is sealed, one write after the other, until one has to be waited for; then ends, if that was asked for.
    /// Holds the gate.</summary>
    private void Send()
    {
        while (_sending is null)
        {
            if (_isAborted || _hasPeerStopped || _failure is not null)
            {
                while (_sealed.TryDequeue(out var dropped))
                {
                    dropped.Return();
                }
            }

            if (!_sealed.TryDequeue(out _sending))
            {
                break;
            }

            Write();
        }

        if (_isCompleted && _sending is null)
        {
            End();
        }
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "Its awaiter is kept, and asked once: waiting this way allocates nothing.")]
    private void Write()
    {
        try
        {
            // No token: cancelling would abort the stream.
            _writing = _stream.WriteAsync(_sending!.Written, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            EndWrite(exception);
            return;
        }

        if (_writing.IsCompleted)
        {
            EndWrite();
        }
        else
        {
            _writing.UnsafeOnCompleted(_onWritten);
        }
    }

    private void EndWrite()
    {
        try
        {
            _writing.GetResult();
            EndWrite(null);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            EndWrite(exception);
        }
    }

    private void EndWrite(Exception? exception)
    {
        if (exception is not null && QuicErrors.IsEndOfReading(exception))
        {
            _hasPeerStopped = true;
        }
        else if (exception is not null)
        {
            _failure = QuicErrors.OfChannel(exception);
        }

        if (_spare is null && _sending!.Capacity <= MostKept)
        {
            _sending.Clear();
            _spare = _sending;
        }
        else
        {
            _sending!.Return();
        }

        _sending = null;
    }

    private void OnWritten()
    {
        Wakeup wakeup;
        lock (_gate)
        {
            EndWrite();
            Send();
            wakeup = WakeIfReady();
        }

        wakeup.Set(ref _result);
    }

    private void End()
    {
        if (!_isAborted && !_hasPeerStopped && _failure is null)
        {
            QuicStreams.CompleteWrites(_stream);
        }

        _filling?.Return();
        _spare?.Return();
        (_filling, _spare) = (null, null);
        _drained.TrySetResult();
    }
}
