using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>By which transport Pulse, the host and a satellite work with each other, from what each offers.</summary>
public sealed class TransportChoiceTests
{
    private static readonly Uri[] Host = [new("tcp://here:10"), new("quic://here:11")];
    private static readonly Uri[] Satellite = [new("tcp://studio2:20"), new("quic://studio2:21")];

    [Theory]
    [InlineData("tcp quic", TransportChoice.Auto, "tcp quic", "tcp quic", "tcp", "tcp")]
    [InlineData("tcp quic", TransportChoice.Quic, "tcp quic", "tcp quic", "quic", "quic")]
    [InlineData("tcp quic", TransportChoice.Tcp, "tcp quic", "tcp quic", "tcp", "tcp")]
    [InlineData("tcp quic", TransportChoice.Auto, "tcp quic", "quic", "tcp", "quic")]
    [InlineData("tcp quic", TransportChoice.Auto, "tcp", "tcp quic", "tcp", "tcp")]
    [InlineData("quic", TransportChoice.Auto, "quic", "tcp quic", "quic", "quic")]
    public async Task It_is_what_is_preferred_of_what_both_have_for_commands_and_for_audio(
        string pulse, TransportChoice choice, string host, string satellite, string toHost, string toSatellite)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var exchange = new Exchange();
        // As Pulse starts its host.
        await exchange.ServeAsync(NodeRole.Host, Offers(Host, host), new TransportSetOptions { Choice = choice });
        await exchange.ServeAsync(NodeRole.Satellite, Offers(Satellite, satellite));

        var result = await RenderAsync(exchange, exchange.Coordinate(pulse, choice));

        Assert.Equal(expected, exchange.Sinks.Samples);
        Assert.All(result.Nodes, node => Assert.Equal("", node.LostReason));
        Assert.Equal([toHost, toSatellite], result.Nodes.Select(node => node.Transport));
        // The satellite was dialled twice, for commands and for audio.
        Assert.Equal(2, exchange.Dialled(toSatellite).Count(endPoint => Satellite.Contains(endPoint)));
        if (choice != TransportChoice.Auto)
        {
            Assert.Empty(exchange.Dialled(toSatellite == "tcp" ? "quic" : "tcp"));
        }
    }

    [Fact]
    public async Task Audio_may_go_another_way_than_commands()
    {
        await using var exchange = new Exchange();
        await exchange.ServeAsync(NodeRole.Host, Offers(Host, "tcp quic"), new TransportSetOptions { Preference = ["quic", "tcp"] });
        await exchange.ServeAsync(NodeRole.Satellite, Offers(Satellite, "tcp quic"));

        var result = await RenderAsync(exchange, exchange.Coordinate("tcp quic"));

        Assert.Equal(["tcp", "quic"], result.Nodes.Select(node => node.Transport));
        Assert.Equal([Host[0], Satellite[0]], exchange.Dialled("tcp"));
        Assert.Equal([Satellite[1]], exchange.Dialled("quic"));
    }

    [Fact]
    public async Task A_satellite_that_listens_everywhere_is_dialled_for_audio_where_Pulse_has_reached_it()
    {
        await using var exchange = new Exchange();
        await exchange.ServeAsync(NodeRole.Host, Offers(Host, "tcp quic"), new TransportSetOptions { Choice = TransportChoice.Quic });
        await exchange.ServeAsync(NodeRole.Satellite, "tcp://0.0.0.0:20 quic://0.0.0.0:21");
        await using var coordinator = exchange.Coordinate("tcp");
        await coordinator.ConnectAsync(Host, null, Wait.Token);

        Assert.Equal(Satellite, (await coordinator.ConnectAsync([Satellite[0]], null, Wait.Token)).EndPoints);

        var result = await Wait.For(coordinator.RenderAsync(Studio.Request(), null, Wait.Token));
        Assert.Equal("", result.Nodes[1].LostReason);
        Assert.Equal([Satellite[1]], exchange.Dialled("quic"));
    }

    [Fact]
    public async Task A_satellite_without_the_chosen_transport_is_refused_by_name()
    {
        await using var exchange = new Exchange();
        await exchange.ServeAsync(NodeRole.Satellite, Offers(Satellite, "tcp"));
        await using var coordinator = exchange.Coordinate("tcp quic", TransportChoice.Quic);
        var refused = await Assert.ThrowsAsync<ClusterException>(() => coordinator.ConnectAsync(Satellite, null, Wait.Token));
        Assert.Equal(ClusterError.NodeRefused, refused.Error);
        Assert.Contains("Only quic is chosen, but the peer answers by tcp", refused.Message, StringComparison.Ordinal);
        Assert.Contains("studio2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_satellite_that_the_host_cannot_reach_is_named_with_what_both_have_and_done_without()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var exchange = new Exchange();
        await exchange.ServeAsync(NodeRole.Host, Offers(Host, "tcp"));
        await exchange.ServeAsync(NodeRole.Satellite, Offers(Satellite, "quic"));

        var result = await RenderAsync(exchange, exchange.Coordinate("tcp quic"));

        Assert.Equal(expected, exchange.Sinks.Samples);
        Assert.Contains("cannot open audio to the Satellite: This side has tcp, the peer offers quic", result.Nodes[1].LostReason, StringComparison.Ordinal);
        Assert.Equal(["tcp", "quic"], result.Nodes.Select(node => node.Transport));
    }

    private static async Task<RenderResult> RenderAsync(Exchange exchange, RenderCoordinator pulse)
    {
        await using var coordinator = pulse;
        await coordinator.ConnectAsync(Host, null, Wait.Token);
        await coordinator.ConnectAsync(Satellite, null, Wait.Token);
        var result = await Wait.For(coordinator.RenderAsync(Studio.Request(), null, Wait.Token));
        Assert.True(exchange.Sinks.IsComplete);
        return result;
    }

    private static string Offers(Uri[] endPoints, string schemes) => string.Join(' ', endPoints.Where(endPoint => schemes.Split(' ').Contains(endPoint.Scheme)).Select(endPoint => endPoint.OriginalString));
}
