using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>Work stays where its plugins are, and sounds the same wherever it is: nobody runs plugins yet.</summary>
public sealed class PluginPlacementTests
{
    private static readonly NodePlugin Verb = new("vst3", "Verb", "2.1.0");

    [Fact]
    public async Task The_registry_has_the_plugins_that_a_Signal_says()
    {
        ImmutableArray<NodePlugin> said = [Verb, new("clap", "org.example.größe", "")];
        await using var studio = await Studio.StartAsync(2, plugins: [null, said, []]);
        var registry = new ClusterRegistry();
        await using var coordinator = new RenderCoordinator(new RenderCoordinatorOptions(), studio.Network, registry, new ChannelPartitioner(), new FakeProcessors(), studio.Media);
        foreach (var (endPoint, _, _) in studio.Nodes)
        {
            await coordinator.ConnectAsync(endPoint, Wait.Token);
        }

        var nodes = registry.Current.Nodes.ToDictionary(node => node.Description.Name, node => node.Description.Plugins);
        Assert.Null(nodes["host"]);
        Assert.Equal(said, nodes["satellite1"]!.Value);
        Assert.Empty(nodes["satellite2"]!.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_Channel_goes_to_the_satellite_that_has_its_plugin(int has)
    {
        // Every Channel needs it, so that where they are is no accident.
        var request = Studio.Request(graph: Needing(Verb.Id, track => track >= 0), policy: DistributionPolicy.AggressiveOffload);
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2, plugins: [[], .. Enumerable.Range(1, 2).Select(node => (ImmutableArray<NodePlugin>?)(node == has ? [Verb] : []))]);
        var planned = ChannelsGiven(studio);
        var result = await studio.RenderAsync(request);
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Empty(planned(3 - has).Intersect(Tracks));
        Assert.Equal(Tracks, planned(has).Intersect(Tracks).Order());
        Assert.Contains($"\"channel:t3\": satellite{3 - has} has no vst3:Verb.", result.Objections);
        Assert.Contains("\"channel:t3\": host has no vst3:Verb.", result.Objections);
        Assert.DoesNotContain(result.Objections, objection => objection.Contains("everywhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_has_is_said_and_stays_on_the_host_where_audio_passes_through()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2, plugins: [[], [Verb], []]);
        var planned = ChannelsGiven(studio);
        var result = await studio.RenderAsync(Studio.Request(graph: Needing("Gone", track => track == 3), policy: DistributionPolicy.AggressiveOffload));
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Contains("t3", planned(0));
        Assert.Contains("\"channel:t3\": vst3:Gone is missing everywhere: audio passes through.", result.Objections);
    }

    [Fact]
    public async Task A_Signal_that_says_nothing_is_taken_to_have_everything()
    {
        await using var studio = await Studio.StartAsync(2, plugins: [[], [], null]);
        var planned = ChannelsGiven(studio);
        await studio.RenderAsync(Studio.Request(graph: Needing("Gone", track => track == 3), policy: DistributionPolicy.AggressiveOffload));
        Assert.Contains("t3", planned(2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task What_a_lost_satellite_had_goes_to_one_that_has_the_plugin_or_to_the_host(int other)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(3, plugins: [[], [Verb], [], other == 3 ? [Verb] : []]);
        var planned = ChannelsGiven(studio);
        studio.Sinks.OnFrames = frames =>
        {
            if (frames >= 5_000)
            {
                studio.Network.Cut(studio.Nodes[1].EndPoint);
            }
        };
        var wishes = new PlacementWishes { Pins = ImmutableDictionary<string, string>.Empty.AddRange(Tracks.Select(track => KeyValuePair.Create(track, "satellite1"))) };
        var result = await studio.RenderAsync(Studio.Request(graph: Needing(Verb.Id, track => track >= 0), policy: DistributionPolicy.AggressiveOffload, wishes: wishes));
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.NotEqual("", result.Nodes[1].LostReason);
        Assert.Equal(Tracks, planned(1).Intersect(Tracks).Order());
        Assert.Empty(planned(2).Intersect(Tracks));
        Assert.Equal(Tracks, planned(other).Intersect(Tracks).Order());
    }

    [Fact]
    public async Task A_satellite_that_comes_with_the_plugin_is_given_what_needs_it_while_it_plays()
    {
        var result = await Performance.PerformAsync(
            1,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.JoinAsync(2);
                for (var tries = 0; performance.BlocksOf(2) == 0 && tries < 1_000; tries++)
                {
                    await performance.PlayAsync(1);
                }

                Assert.True(performance.BlocksOf(2) > 0, "The satellite was given nothing.");
                await performance.PlayAsync(20);
            },
            graph: Needing(Verb.Id, track => track >= 0),
            latecomers: 1,
            plugins: [[], [], [Verb]]);
        Assert.Equal(0, result.Nodes[1].Subgraphs);
        Assert.True(result.Nodes[2].Subgraphs > 0);
    }

    private static IEnumerable<string> Tracks => Enumerable.Range(0, 9).Select(track => $"t{track}");

    /// <summary>A Bus of nine tracks, some with a plugin before all else.</summary>
    private static AudioGraph Needing(string pluginId, Func<int, bool> which)
    {
        var graph = RandomGraph.Bus(9);
        return graph with
        {
            Channels = [.. graph.Channels.Select(channel => Array.IndexOf([.. Tracks], channel.Id) is >= 0 and var track && which(track)
                ? channel with { Nodes = channel.Nodes.Insert(0, new StackNode { Id = $"stack{track}", Variants = [new PluginVariant { Format = "vst3", PluginId = pluginId, Name = pluginId, IsMissing = true }] }) }
                : channel)],
        };
    }

    /// <summary>Tells the Channels of all plans that a Signal was given.</summary>
    private static Func<int, IReadOnlyCollection<string>> ChannelsGiven(Studio studio)
    {
        var seen = studio.Nodes.Select(_ => new List<string>()).ToArray();
        foreach (var (node, channels) in studio.Nodes.Zip(seen))
        {
            node.Renderers.Refuses = plan =>
            {
                lock (channels)
                {
                    channels.AddRange(plan.Steps.OfType<Plan.ChannelStep>().Select(step => step.ChannelId));
                }

                return false;
            };
        }

        return node =>
        {
            lock (seen[node])
            {
                return [.. seen[node].Distinct()];
            }
        };
    }
}
