using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Discovery.Multicast;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>Who is a neighbour on an interface.</summary>
public sealed class UdpPlaceTests
{
    private static readonly UdpPlace Place = new(
        "eth0",
        2,
        AddressFamily.InterNetwork,
        IsLoopback: false,
        [(IPAddress.Parse("10.77.4.1"), 22), (IPAddress.Parse("192.168.1.200"), 25), (IPAddress.Parse("fd77::1"), 64), (IPAddress.Parse("fe80::1%2"), 64)]);

    [Theory]
    [InlineData("10.77.4.99", true)]
    [InlineData("10.77.7.255", true)]
    [InlineData("10.77.8.1", false)]
    [InlineData("10.77.3.255", false)]
    [InlineData("192.168.1.129", true)]
    [InlineData("192.168.1.127", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("fd77::ffff", true)]
    [InlineData("fd77:0:0:1::1", false)]
    [InlineData("fe80::1234", true)]
    [InlineData("2001:db8::1", false)]
    public void Whoever_is_in_one_of_its_networks_is_near(string address, bool isNear) => Assert.Equal(isNear, Place.IsNear(IPAddress.Parse(address)));

    [Fact]
    public void Everybody_on_the_loopback_interface_is_near() => Assert.True((Place with { IsLoopback = true }).IsNear(IPAddress.Parse("10.0.0.1")));
}
