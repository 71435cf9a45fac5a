using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Timeline;

public sealed class TimeSignatureMapTests
{
    [Fact]
    public void Bars_and_counts_follow_the_time_signature()
    {
        // Two bars of 4/4 (8 quarters), then 6/8 (3 quarters a bar, eighths counted).
        var map = new TimeSignatureMap([new(0, 4, 4), new(8, 6, 8)]);
        Assert.Equal(new TimeSignaturePosition(1, 1), map.At(0));
        Assert.Equal(new TimeSignaturePosition(2, 2.5), map.At(5.5));
        Assert.Equal(new TimeSignaturePosition(3, 1), map.At(8));
        Assert.Equal(new TimeSignaturePosition(4, 2), map.At(11.5));
        Assert.Equal(new TimeSignaturePosition(0, 4), map.At(-1));
    }

    [Fact]
    public void A_change_inside_a_bar_begins_a_bar()
    {
        var map = new TimeSignatureMap([new(0, 4, 4), new(6, 3, 4)]);
        Assert.Equal(new TimeSignaturePosition(3, 1), map.At(6));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 3)]
    [InlineData(4, 0)]
    [InlineData(129, 4)]
    public void Impossible_time_signatures_are_refused(int numerator, int denominator) =>
        Assert.Throws<ArgumentException>(() => new TimeSignatureMap([new(0, numerator, denominator)]));
}
