using System.Collections.Immutable;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class WishesTests
{
    [Fact]
    public async Task A_node_that_is_excluded_is_given_nothing_and_the_samples_are_the_same()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        var result = await studio.RenderAsync(Studio.Request(policy: DistributionPolicy.AggressiveOffload, wishes: new PlacementWishes { Excluded = ["satellite1"] }));
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Equal(0, result.Nodes.Single(node => node.Name == "satellite1").Subgraphs);
        Assert.True(result.Nodes.Single(node => node.Name == "satellite2").Blocks > 0);
        Assert.Contains("satellite1 is excluded by the user", result.Objections);
    }

    [Fact]
    public async Task A_Channel_runs_where_it_is_pinned_and_one_that_cannot_is_reported()
    {
        await using var studio = await Studio.StartAsync(2);
        var wishes = new PlacementWishes { Pins = ImmutableDictionary<string, string>.Empty.Add("t1", "satellite2").Add("t2", "gone") };
        var off = await studio.RenderAsync(Studio.Request(policy: DistributionPolicy.Off, wishes: wishes));
        Assert.Equal([0, 0], off.Nodes.Skip(1).Select(node => node.Subgraphs));
        await using var again = await Studio.StartAsync(2);
        var result = await again.RenderAsync(Studio.Request(policy: DistributionPolicy.PreferLocal, wishes: wishes));
        Assert.Equal([0, 1], result.Nodes.Skip(1).Select(node => node.Subgraphs));
        Assert.Contains(result.Objections, objection => objection.Contains("\"channel:t2\"", StringComparison.Ordinal) && objection.Contains("is not there", StringComparison.Ordinal));
    }
}
