using Loophole.Cluster.Tests.Discovery.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>What can be said of a node, and what cannot.</summary>
public sealed class AnnouncementTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_name_that_is_none_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => Station.Signal(name));

    [Theory]
    [InlineData]
    [InlineData("tcp://studio:9000")]
    [InlineData("tcp://10.0.0.1:0")]
    [InlineData("tcp://10.0.0.1")]
    [InlineData("tcp://10.0.0.1:1/a")]
    [InlineData("tcp://a@10.0.0.1:1")]
    [InlineData("abcdefghijklmnopq://10.0.0.1:1")]
    [InlineData("tcp://10.0.0.1:1", "tcp://10.0.0.1:2")]
    [InlineData("aa://[::]:1", "bb://[::]:1", "cc://[::]:1", "dd://[::]:1", "ee://[::]:1", "ff://[::]:1", "gg://[::]:1", "hh://[::]:1", "ii://[::]:1")]
    public void Endpoints_that_are_none_are_refused(params string[] endPoints) =>
        Assert.Throws<ArgumentException>(() => Station.Signal("studio") with { EndPoints = [.. endPoints.Select(endPoint => new Uri(endPoint))] });

    [Fact]
    public void A_version_below_1_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Station.Signal("studio") with { ProtocolVersion = 0 });
}
