using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Tests.Graph;

public sealed class ChannelNamesTests
{
    private static readonly AudioGraph Song = new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "m",
        Channels = [Named("d", "Drums"), Named("t1", "Track"), Named("t2", "Track"), Named("Track", "Other"), Named("m", "d")],
    };

    [Theory]
    [InlineData("Drums", new[] { 0 })]
    [InlineData("t2", new[] { 2 })]
    [InlineData("Track", new[] { 3 })]
    [InlineData("d", new[] { 0 })]
    [InlineData("drums", new int[0])]
    public void Ids_come_before_names(string name, int[] found) => Assert.Equal(found, ChannelNames.Find(Song, name));

    [Fact]
    public void All_of_a_name_are_found() =>
        Assert.Equal([1, 2], ChannelNames.Find(Song with { Channels = Song.Channels.RemoveAt(3) }, "Track"));

    private static Channel Named(string id, string name) => new() { Id = id, Name = name };
}
