using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A line as an audio channel uses it: looks and sends that never wait, and waits that hold nothing.</summary>
/// <remarks>Before <see cref="Start"/> the greeting is still going on, and nothing may be read or sent.</remarks>
internal sealed class AudioLine(SocketLine line)
{
    private readonly AudioSocket _socket = new(line.Socket, AudioSocket.CanBeDirect);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _hasStarted;

    // What came with the greeting may stand in the TLS session.
    private bool _mayHoldMore = true;

    public Task Started => _started.Task;

    public bool HasStarted => _hasStarted;

    public bool IsSecure => line.Tls is not null;

    public void Start()
    {
        try
        {
            _socket.Start();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // Dropped before it began; the first look tells.
        }

        _hasStarted = true;
        _started.SetResult();
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>Bytes; 0 once the peer has ended its side in good order; -1 as long as nothing has come.</returns>
    public int TryReceive(Span<byte> buffer) => Receive(buffer, TimeSpan.Zero);

    /// <summary>As <see cref="TryReceive"/>, after a sleep on the calling thread of some length at the most.</summary>
    public int Receive(Span<byte> buffer, TimeSpan longest) => line.Tls is { } tls ? Receive(tls, line.Stream!, buffer, longest) : ReceiveRaw(buffer, longest);

    /// <summary>Completes when something has come.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (!_hasStarted)
        {
            await Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await _socket.Lend().ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Encrypts what may be sent of one outbox into another.</summary>
    public void Seal(AudioOutbox plain, AudioOutbox sealedBytes)
    {
        var bytes = plain.Lend();
        if (!bytes.IsEmpty)
        {
            line.Stream!.Gather = sealedBytes;
            line.Tls!.Write(bytes);
            plain.Return(bytes.Length);
            sealedBytes.Commit();
        }
    }

    /// <summary>Sends what the network takes at once.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes) => _socket.TrySend(bytes);

    /// <summary>Sends at least one byte.</summary>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.Lend().SendAsync(bytes, SocketFlags.None, CancellationToken.None);

    /// <summary>Ends this side after everything sent. The end under TLS is sent by the runtime.</summary>
    public ValueTask EndAsync()
    {
        _socket.Lend();
        return line.EndAsync();
    }

    private static TransportException CutOff() =>
        new(TransportError.PeerReset, "The peer's socket ended before its TLS session did, so bytes may be missing.");

    private int ReceiveRaw(Span<byte> buffer, TimeSpan longest) => longest == TimeSpan.Zero ? _socket.TryReceive(buffer) : _socket.Receive(buffer, longest);

    private int Receive(SslStream tls, LineStream stream, Span<byte> buffer, TimeSpan longest)
    {
        if (!stream.HasRecord)
        {
            var count = ReceiveRaw(stream.Room(), _mayHoldMore ? TimeSpan.Zero : longest);
            if (count >= 0)
            {
                stream.Note(count);
            }
        }

        if (!stream.HasRecord && !_mayHoldMore)
        {
            return -1;
        }

        using (stream.Enter())
        {
            try
            {
                var count = tls.Read(buffer);
                _mayHoldMore = count == buffer.Length;
                return count == 0 && stream.HasEnded ? throw CutOff() : count;
            }
            catch (IOException exception) when (LineStream.IsNothingYet(exception))
            {
                // Records of TLS itself, tickets for one: they are taken in, and nothing for us was among them.
                _mayHoldMore = false;
                return -1;
            }
        }
    }
}
