using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>A client's socket and the socket to the target that stands for it.</summary>
internal sealed class TcpPair : ILinkUser
{
    private readonly IPEndPoint _remote;
    private readonly ImpairedLink _toTarget;
    private readonly ImpairedLink _toClient;
    private readonly TcpSide _client;
    private readonly TcpSide _target;
    private readonly ImpairedFlow _there;
    private readonly ImpairedFlow _back;
    private volatile bool _isSevered;

    public TcpPair(Socket client, IPEndPoint target, PipeOptions options, ImpairedLink toTarget, ImpairedLink toClient, int seed)
    {
        _remote = target;
        _toTarget = toTarget;
        _toClient = toClient;
        client.NoDelay = true;
        _client = new TcpSide(client, options);
        _target = new TcpSide(new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, options);
        _there = new ImpairedFlow(toTarget, _client.Pipe.Written, _target.Pipe.Arriving, 0, seed, static () => { }, () => Post(toTarget, _target));
        _back = new ImpairedFlow(toClient, _target.Pipe.Written, _client.Pipe.Arriving, 0, seed + 1, static () => { }, () => Post(toClient, _client));
        _client.Pipe.Attach(_there);
        _target.Pipe.Attach(_back);
        toTarget.Add(this);
        toClient.Add(this);
    }

    /// <summary>Forwards until both sockets have ended.</summary>
    public async Task RunAsync()
    {
        var client = _client.RunAsync(_back);
        try
        {
            await _target.Socket.ConnectAsync(_remote).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client meets what it would have met at the target.
            Kill();
        }

        await Task.WhenAll(client, _target.RunAsync(_there)).ConfigureAwait(false);
        _toTarget.Remove(this);
        _toClient.Remove(this);
    }

    public void Wake()
    {
        _there.Wake();
        _back.Wake();
    }

    public void Cut()
    {
        _isSevered = true;
        _client.ResetAtEnd();
        _target.ResetAtEnd();
        _there.Cut();
        _back.Cut();
    }

    /// <summary>Ends both sockets at once.</summary>
    public void Kill()
    {
        Cut();
        _client.ResetSoon();
        _target.ResetSoon();
    }

    public void HalfOpen(ImpairedLink link)
    {
        _isSevered = true;
        _there.Silence();
        _back.Silence();
        (link == _toTarget ? _client : _target).ResetSoon();
    }

    /// <summary>A reset crosses the link to the other side.</summary>
    private void Post(ImpairedLink link, TcpSide side) => link.Post(() =>
    {
        if (!_isSevered)
        {
            side.ResetSoon();
        }
    });
}
