using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A line as an audio channel uses it: looks and sends that never wait, and waits that hold nothing.</summary>
/// <remarks>Before <see cref="Start"/> the greeting is still going on, and nothing may be read or sent.</remarks>
internal sealed class AudioLine(SocketLine line)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What came with the greeting may stand in the TLS session.
    private bool _mayHoldMore = true;

    public Task Started => _started.Task;

    public bool IsSecure => line.Tls is not null;

    public void Start()
    {
        try
        {
            line.Socket.Blocking = false;
        }
        catch (ObjectDisposedException)
        {
            // Dropped before it began; the first look tells.
        }

        _started.SetResult();
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>Bytes; 0 once the peer has ended its side in good order; -1 as long as nothing has come.</returns>
    public int TryReceive(Span<byte> buffer)
    {
        if (line.Tls is { } tls)
        {
            return TryReceive(tls, line.Stream!, buffer);
        }

        var count = line.Socket.Receive(buffer, SocketFlags.None, out var error);
        return error == SocketError.Success ? count : error == SocketError.WouldBlock ? -1 : throw new SocketException((int)error);
    }

    /// <summary>Sleeps on the calling thread until something has come or time is up.</summary>
    public bool Wait(int milliseconds) =>
        Started.IsCompleted ? line.Socket.Poll(milliseconds * 1000, SelectMode.SelectRead) : Started.Wait(milliseconds, CancellationToken.None);

    /// <summary>Completes when something has come.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (!Started.IsCompleted)
        {
            await Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await line.Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Encrypts what may be sent of one outbox into another.</summary>
    public void Seal(AudioOutbox plain, AudioOutbox sealedBytes)
    {
        var bytes = plain.Lend();
        if (!bytes.IsEmpty)
        {
            line.Stream!.Gather = sealedBytes;
            line.Tls!.Write(bytes.Span);
            plain.Return(bytes.Length);
            sealedBytes.Commit();
        }
    }

    /// <summary>Sends what the network takes at once.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        var count = line.Socket.Send(bytes, SocketFlags.None, out var error);
        return error == SocketError.Success ? count : error == SocketError.WouldBlock ? 0 : throw new SocketException((int)error);
    }

    /// <summary>Sends at least one byte.</summary>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => line.Socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None);

    public ValueTask EndAsync() => line.EndAsync();

    private static TransportException CutOff() =>
        new(TransportError.PeerReset, "The peer's socket ended before its TLS session did, so bytes may be missing.");

    private int TryReceive(SslStream tls, LineStream stream, Span<byte> buffer)
    {
        using (stream.Enter())
        {
            if (!stream.TryFill() && !_mayHoldMore)
            {
                return -1;
            }

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
