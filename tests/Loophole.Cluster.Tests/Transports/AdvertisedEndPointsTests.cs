using System.Collections.Immutable;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Transports;

public sealed class AdvertisedEndPointsTests
{
    [Theory]
    // Reached as it says itself.
    [InlineData("tcp://10.0.0.5:9000", "tcp://10.0.0.5:9000 quic://10.0.0.5:9000", "tcp://10.0.0.5:9000 quic://10.0.0.5:9000")]
    // Listening everywhere: by the name or address that has led there.
    [InlineData("tcp://studio2:9000", "tcp://0.0.0.0:9000 quic://0.0.0.0:9001", "tcp://studio2:9000 quic://studio2:9001")]
    [InlineData("quic://[2001:db8::7]:9001", "tcp://[::]:9000 quic://[::]:9001", "tcp://[2001:db8::7]:9000 quic://[2001:db8::7]:9001")]
    // Behind a forwarded port: the way that was gone is known to work.
    [InlineData("tcp://gate:4444", "tcp://10.0.0.5:9000 quic://10.0.0.5:9000", "tcp://gate:4444 quic://10.0.0.5:9000")]
    // Several of the scheme that was dialled are one; those of others stay.
    [InlineData("tcp://studio2:9000", "quic://10.0.0.5:1 tcp://10.0.0.5:9000 tcp://10.0.1.5:9000 quic://10.0.1.5:1", "quic://10.0.0.5:1 tcp://studio2:9000 quic://10.0.1.5:1")]
    // Reached by what it does not say it offers.
    [InlineData("tcp://studio2:9000", "quic://0.0.0.0:9001", "tcp://studio2:9000 quic://studio2:9001")]
    [InlineData("memory://node", "memory://node", "memory://node")]
    public void What_a_node_advertises_is_read_from_the_side_of_whoever_has_reached_it(string reached, string advertised, string seen)
    {
        Assert.Equal(Uris(seen), AdvertisedEndPoints.SeenFrom(new Uri(reached), Uris(advertised)));
    }

    [Fact]
    public void A_link_local_address_keeps_its_zone()
    {
        var seen = AdvertisedEndPoints.SeenFrom(new Uri("tcp://[fe80::1%eth0]:9000"), Uris("tcp://[::]:9000 quic://[::]:9001"));
        Assert.Equal(("fe80::1%eth0", 9001), (seen[1].DnsSafeHost, seen[1].Port));
    }

    [Fact]
    public void Endpoints_from_a_peer_are_absolute_few_and_short()
    {
        Assert.True(AdvertisedEndPoints.AreSane(Uris("tcp://a:1 quic://a:1")));
        Assert.True(AdvertisedEndPoints.AreSane([.. Enumerable.Range(1, 16).Select(port => new Uri($"tcp://a:{port}"))]));
        Assert.False(AdvertisedEndPoints.AreSane([.. Enumerable.Range(1, 17).Select(port => new Uri($"tcp://a:{port}"))]));
        Assert.False(AdvertisedEndPoints.AreSane([]));
        Assert.False(AdvertisedEndPoints.AreSane([null!]));
        Assert.False(AdvertisedEndPoints.AreSane([new Uri("tcp://a:1"), new Uri("a", UriKind.Relative)]));
        Assert.False(AdvertisedEndPoints.AreSane([new Uri($"unix:///{new string('a', 256)}")]));
    }

    private static ImmutableArray<Uri> Uris(string text) => [.. text.Split(' ').Select(uri => new Uri(uri))];
}
