using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Tests.Simulation;

namespace Loophole.Cluster.TestKit.Tests.Impairment;

/// <summary>The relay for datagrams. It takes them one by one, so what was sent first has met its fate when a later one arrives.</summary>
public sealed class DatagramRelayTests : IAsyncDisposable
{
    private readonly Socket _server = NewSocket();
    private readonly Socket _client = NewSocket();
    private readonly ImpairmentRelay _relay;

    public DatagramRelayTests() =>
        _relay = new ImpairmentRelay((IPEndPoint)_server.LocalEndPoint!, new ImpairmentRelayOptions { Protocol = RelayProtocol.Udp, Seed = 5 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Datagrams_go_there_and_back()
    {
        await SendAsync(_client, 1, 2, 3);
        var (bytes, from) = await ReceiveAsync(_server);
        Assert.Equal([1, 2, 3], bytes);
        await _server.SendToAsync(new byte[] { 4 }, from, Token);
        Assert.Equal([4], (await ReceiveAsync(_client)).Bytes);
    }

    [Fact]
    public async Task Datagrams_are_lost_as_likely_as_said()
    {
        _relay.ToTarget.Conditions = new LinkConditions { LossProbability = 0.5 };
        var got = 0;
        for (byte i = 0; i < 100; i++)
        {
            await SendAsync(_client, i);
        }

        while (true)
        {
            // One of these gets through soon; the numbers of those that did are below 100.
            await SendAsync(_client, 255);
            var first = (await ReceiveAsync(_server)).Bytes[0];
            if (first == 255)
            {
                break;
            }

            got++;
        }

        Assert.InRange(got, 30, 70);
    }

    [Fact]
    public async Task A_cut_silences_the_peers_of_now_and_no_later_one()
    {
        await SendAsync(_client, 1);
        await ReceiveAsync(_server);
        _relay.ToTarget.Apply(Fault.Cut);
        await SendAsync(_client, 2);
        using var other = NewSocket();
        await SendAsync(other, 3);
        Assert.Equal([3], (await ReceiveAsync(_server)).Bytes);
    }

    [Fact]
    public async Task A_corruption_flips_its_byte_and_a_stall_holds_what_comes_after()
    {
        _relay.ToTarget.Run(new FaultScript(FaultStep.AfterBytes(2, Fault.Corrupt(0xF0)), FaultStep.AfterBytes(5, Fault.Stall(TimeSpan.FromDays(1)))));
        await SendAsync(_client, 0, 0, 0, 0, 0);
        Assert.Equal([0, 0, 0xF0, 0, 0], (await ReceiveAsync(_server)).Bytes);
        await SendAsync(_client, 1);
        await SimScene.Wait.For(_relay.ToTarget.WaitUntilTakenAsync(6, Token), "the datagram in the relay");
        Assert.Equal(5, _relay.ToTarget.BytesDelivered);
        var held = ReceiveAsync(_server);
        _relay.ToTarget.Apply(Fault.Resume);
        Assert.Equal([1], (await held).Bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await SimScene.Wait.For(_relay.DisposeAsync());
        _client.Dispose();
        _server.Dispose();
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task SendAsync(Socket from, params byte[] bytes) => await from.SendToAsync(bytes, _relay.EndPoint, Token);

    private static async Task<(byte[] Bytes, EndPoint From)> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[2048];
        var received = await SimScene.Wait.For(socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Token));
        return (buffer[..received.ReceivedBytes], received.RemoteEndPoint);
    }
}
