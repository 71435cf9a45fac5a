using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The line's socket as TLS sees it. Owns neither.</summary>
/// <remarks>
/// <para><b>Whole records.</b> TLS is handed whole records only. So a thread that finds one here knows that decrypting will not wait, and
/// the session never stands in the middle of a record when that thread turns to something else.</para>
/// <para><b>Gathering.</b> What is written with the asynchronous methods is sent at once; what is written with the synchronous ones goes
/// into <see cref="Gather"/>, since TLS writes once per record and a system call each would cost more than the encryption.</para>
/// <para><b>Gate.</b> Ending a TLS session and decrypting touch the same state, and the runtime does not keep them apart. So whoever
/// reads through TLS, or ends it, holds the gate, and a read lets go of it exactly while it waits for the network here.</para>
/// </remarks>
internal sealed class LineStream(SocketLine line) : Stream
{
    // Types of the TLS records that can come first.
    private const byte Alert = 21;
    private const byte Handshake = 22;

    private const int HeaderSize = 5;

    // Of TLS 1.2, whose records may be the larger ones. What claims to be longer is handed on as it comes, and TLS refuses it.
    private const int LargestRecord = HeaderSize + 16384 + 2048;

    private static readonly IOException NothingYet = new("No whole TLS record has arrived yet.");

    [SuppressMessage("Usage", "CA2213", Justification = "Without a wait handle there is nothing to free, and a late reader must still be able to leave.")]
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(64 * 1024);
    private int _start;
    private int _end;
    private int _whole;
    private bool _hasHeard;

    /// <summary>Whether the peer's socket has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether a read would find something, if only the end.</summary>
    public bool HasRecord => _whole > 0 || HasEnded;

    /// <summary>Where synchronous writes go.</summary>
    public IBufferWriter<byte>? Gather { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a synchronous read failed only because no whole record has arrived; TLS goes on with the next read.</summary>
    public static bool IsNothingYet(IOException exception) => exception == NothingYet || exception.InnerException == NothingYet;

    /// <summary>Whether a first byte can begin a TLS record.</summary>
    public static bool IsTls(byte first) => first is Handshake or Alert;

    /// <summary>Waits for the gate.</summary>
    /// <returns>Lets go of it when disposed.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Hold> EnterAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        return new Hold(_gate);
    }

    /// <summary>As <see cref="EnterAsync"/>; nobody keeps the gate for longer than a record takes.</summary>
    public Hold Enter()
    {
        _gate.Wait(CancellationToken.None);
        return new Hold(_gate);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!HasRecord)
        {
            _gate.Release();
            try
            {
                Room();
                Note(await line.ReceiveRawAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        return Take(buffer.Span);
    }

    public override int Read(Span<byte> buffer) => HasRecord ? Take(buffer) : throw NothingYet;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await line.Socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer) =>
        (Gather ?? throw new InvalidOperationException("Nothing gathers what is written synchronously.")).Write(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Brings the incomplete record to the front.</summary>
    /// <returns>What is free behind it: where what arrives is to be put.</returns>
    public Span<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Takes note of what has been put into <see cref="Room"/>.</summary>
    /// <param name="count">Bytes; 0 when the peer's socket has ended.</param>
    public void Note(int count)
    {
        if (!_hasHeard && count > 0)
        {
            // Else what is no TLS at all would be taken for the length of a record, and waited for.
            _hasHeard = IsTls(_bytes[0]) ? true : throw new NoTlsException();
        }

        _end += count;
        HasEnded = count == 0;
        while (_end - _start - _whole >= HeaderSize)
        {
            var record = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(_start + _whole + 3));
            if (record <= LargestRecord && _whole + record > _end - _start)
            {
                break;
            }

            _whole = record <= LargestRecord ? _whole + record : _end - _start;
        }

        if (HasEnded)
        {
            // What is cut off is TLS's to complain about.
            _whole = _end - _start;
        }
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _whole);
        _bytes.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _whole -= count;
        return count;
    }

    /// <summary>The gate, held.</summary>
    internal readonly struct Hold(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
