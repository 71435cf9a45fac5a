using System.Net;
using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>A client of a datagram relay, and the socket that stands for it at the target.</summary>
internal sealed class UdpPeer : ILinkUser, IAsyncDisposable
{
    private const int MostBytes = 65536;

    private readonly Socket _clients;
    private readonly EndPoint _client;
    private readonly Socket _target;
    private readonly int _bufferBytes;
    private readonly ImpairedLink _toTarget;
    private readonly ImpairedLink _toClient;
    private readonly Task _receiving;
    private long _underWay;
    private volatile bool _isDeafThere;
    private volatile bool _isDeafBack;
    private volatile bool _isDisposed;

    public UdpPeer(Socket clients, EndPoint client, IPEndPoint target, ImpairmentRelayOptions options, ImpairedLink toTarget, ImpairedLink toClient)
    {
        _clients = clients;
        _client = client;
        _bufferBytes = options.BufferBytes;
        _toTarget = toTarget;
        _toClient = toClient;
        _target = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _target.Connect(target);
        toTarget.Add(this);
        toClient.Add(this);
        _receiving = ReceiveAllAsync();
    }

    public void SendToTarget(ReadOnlySpan<byte> datagram)
    {
        if (!_isDeafThere)
        {
            Forward(_toTarget, datagram, bytes => _isDeafThere ? 0 : _target.Send(bytes));
        }
    }

    public void Wake()
    {
        // Datagrams that wait are the link's.
    }

    public void Cut() => _isDeafThere = _isDeafBack = true;

    public void HalfOpen(ImpairedLink link)
    {
        _isDeafThere |= link == _toTarget;
        _isDeafBack |= link == _toClient;
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Cut();
        _toTarget.Remove(this);
        _toClient.Remove(this);
        _target.Dispose();
        await _receiving.ConfigureAwait(false);
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[MostBytes];
        while (true)
        {
            try
            {
                var count = await _target.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
                if (!_isDeafBack)
                {
                    Forward(_toClient, buffer.AsSpan(0, count), bytes => _isDeafBack ? 0 : _clients.SendTo(bytes, _client));
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && !_isDisposed)
            {
                // Nobody at the target now; datagrams do not mind.
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Forward(ImpairedLink link, ReadOnlySpan<byte> datagram, SpanAction send)
    {
        var length = datagram.Length;
        if (Interlocked.Add(ref _underWay, length) > _bufferBytes)
        {
            Interlocked.Add(ref _underWay, -length);
            return;
        }

        // An array of its own: it may be under way longer than the relay lives.
        var bytes = datagram.ToArray();
        link.PostDatagram(length, () => Deliver(link, bytes, send), () => Interlocked.Add(ref _underWay, -length));
    }

    private void Deliver(ImpairedLink link, byte[] bytes, SpanAction send)
    {
        Interlocked.Add(ref _underWay, -bytes.Length);
        link.Pass(bytes);
        try
        {
            send(bytes);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // As lost as any.
        }
    }

    private delegate int SpanAction(ReadOnlySpan<byte> bytes);
}
