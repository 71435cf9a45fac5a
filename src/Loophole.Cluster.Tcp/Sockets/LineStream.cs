using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The socket as TLS sees it. Does not own the socket.</summary>
/// <remarks><b>Gate.</b> Ending a TLS session and decrypting touch the same state, and the runtime does not keep them apart. So whoever
/// reads through TLS, or ends it, holds the gate, and a read lets go of it exactly while it waits for the network here.</remarks>
internal sealed class LineStream(Socket socket) : Stream
{
    // Types of the TLS records that can come first.
    private const byte Alert = 21;
    private const byte Handshake = 22;

    [SuppressMessage("Usage", "CA2213", Justification = "Without a wait handle there is nothing to free, and a late reader must still be able to leave.")]
    private readonly SemaphoreSlim _gate = new(1, 1);

    private bool _hasHeard;

    /// <summary>Whether the peer's socket has ended.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _gate.Release();
        try
        {
            return Note(await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false), buffer.Span);
        }
        finally
        {
            await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        _gate.Release();
        try
        {
            return Note(socket.Receive(buffer, SocketFlags.None), buffer);
        }
        finally
        {
            _gate.Wait(CancellationToken.None);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[socket.Send(buffer, SocketFlags.None)..];
        }
    }

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

    private int Note(int count, ReadOnlySpan<byte> buffer)
    {
        // An empty read only asks whether something is there.
        HasEnded |= count == 0 && !buffer.IsEmpty;
        if (!_hasHeard && count > 0)
        {
            // Else what is no TLS at all would be taken for the length of a record, and waited for.
            _hasHeard = IsTls(buffer[0]) ? true : throw new NoTlsException();
        }

        return count;
    }

    /// <summary>The gate, held.</summary>
    internal readonly struct Hold(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
