using System.Text;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tests.Discovery.Support;
using Loophole.Cluster.Trust;
using Loophole.Tests;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>The TXT record of a node.</summary>
public sealed class NodeTextTests
{
    private const string Id = "id=00112233445566778899aabbccddeeff";

    [Fact]
    public void What_is_said_of_a_node_is_read_again()
    {
        var node = Station.Signal("studio") with { Role = NodeRole.Host, Kind = PeerKind.Cloud };
        var text = NodeText.Read(NodeText.Of(node).ToBytes());
        Assert.Equal(NodeText.Of(node), text);
        Assert.Equal((node.Id, 3, NodeRole.Host, PeerKind.Cloud), (text!.Id, text.ProtocolVersion, text.Role, text.Kind));
        Assert.Equal([("tcp", 9000), ("quic", 9001)], text.Ports);
    }

    [Fact]
    public void Its_bytes_are_those_of_the_documentation() =>
        Assert.Equal(Documentation.Bytes("node-text"), NodeText.Of(Station.Signal("studio", new NodeId(Guid.ParseExact(Id[3..], "N")))).ToBytes());

    [Fact]
    public void What_is_not_said_is_not_there()
    {
        var node = Station.Signal("studio", new NodeId(Guid.ParseExact(Id[3..], "N"))) with { Role = null };
        Assert.Equal(Bytes("txtvers=1", Id, "proto=3", "kind=lan", "ports=tcp:9000,quic:9001"), NodeText.Of(node).ToBytes());
    }

    [Fact]
    public void What_is_not_known_is_passed_over_and_what_is_said_twice_goes_as_first_said()
    {
        var text = NodeText.Read(Bytes("txtvers=1", "", "=nothing", "flag", "PROTO=2", Id, "proto=9", "ports=tcp:1", "rôle=x"));
        Assert.Equal((2, null, null), (text!.ProtocolVersion, text.Role, text.Kind));
    }

    [Theory]
    [InlineData("txtvers=2", Id, "proto=3", "ports=tcp:1")]
    [InlineData("", Id, "proto=3", "ports=tcp:1")]
    [InlineData("txtvers=1", "id=00112233-4455-6677-8899-aabbccddeeff", "proto=3", "ports=tcp:1")]
    [InlineData("txtvers=1", "id=0011", "proto=3", "ports=tcp:1")]
    [InlineData("txtvers=1", "", "proto=3", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "proto=0", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "proto=-3", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "proto=65536", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "proto= 3", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "", "ports=tcp:1")]
    [InlineData("txtvers=1", Id, "proto=3", "")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp:0")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp:65536")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=TCP:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=1tcp:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp//x@y:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=abcdefghijklmnopq:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=a:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=file:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp:1,")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=aa:1,bb:1,cc:1,dd:1,ee:1,ff:1,gg:1,hh:1,ii:1")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp:1", "role=king")]
    [InlineData("txtvers=1", Id, "proto=3", "ports=tcp:1", "kind=moon")]
    public void What_breaks_a_rule_says_nothing(params string[] strings) => Assert.Null(NodeText.Read(Bytes(strings)));

    [Fact]
    public void A_string_that_is_cut_off_or_a_text_that_is_too_long_says_nothing()
    {
        var good = Bytes("txtvers=1", Id, "proto=3", "ports=tcp:1");
        Assert.NotNull(NodeText.Read(good));
        Assert.Null(NodeText.Read(good.AsSpan(0, good.Length - 1)));
        Assert.Null(NodeText.Read([.. good, .. Enumerable.Repeat(Bytes(new string('x', 255)), 5).SelectMany(more => more)]));
    }

    private static byte[] Bytes(params string[] strings) => [.. strings.SelectMany(text => Encoding.UTF8.GetBytes(text) is var bytes ? (byte[])[(byte)bytes.Length, .. bytes] : [])];
}
