using System.Collections.Immutable;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Placement;

public sealed class ChannelPartitionerTests
{
    private static readonly ChannelPartitioner Partitioner = new();

    [Fact]
    public void No_placement_of_a_small_graph_is_better_by_more_than_a_tenth()
    {
        const int Seed = 4101;
        var random = new Random(Seed);
        var worst = 1.0;
        for (var round = 0; round < 2_000; round++)
        {
            var request = new PartitionRequest { Graph = RandomRequest.Graph(random, random.Next(2, 13)), Nodes = RandomRequest.Nodes(random, 3) };
            var plan = Partitioner.Partition(request);
            var peak = LoadReference.Peak(request, unit => plan.Owners[unit].Node);
            var optimum = BruteForce.Optimum(request, peak);
            Assert.True(peak <= 1.1 * optimum + 1e-9, $"Seed {Seed}, round {round}: {peak}, and {optimum} is possible.");
            worst = Math.Max(worst, peak / optimum);
        }

        TestContext.Current.SendDiagnosticMessage($"worst ratio to the optimum: {worst:0.000}");
    }

    [Theory]
    [InlineData(100, 3)]
    [InlineData(300, 8)]
    [InlineData(1_000, 8)]
    public void A_large_project_comes_close_to_what_was_hidden_in_it(int channels, int satellites)
    {
        const int Seed = 4102;
        var random = new Random(Seed);
        for (var round = 0; round < 5; round++)
        {
            var (request, hidden) = HiddenOptimum.Make(random, channels, satellites);
            var plan = Partitioner.Partition(request);
            var (peak, optimum) = (LoadReference.Peak(request, unit => plan.Owners[unit].Node), LoadReference.Peak(request, unit => hidden[unit]));
            TestContext.Current.SendDiagnosticMessage($"{channels} channels, {satellites} satellites: {peak / optimum:0.000} of what was hidden");
            Assert.True(peak <= 1.15 * optimum, $"Seed {Seed}, round {round}: {peak}, and {optimum} is possible.");
        }
    }

    [Fact]
    public void The_load_that_is_told_is_the_load_that_it_is()
    {
        var random = new Random(4103);
        for (var round = 0; round < 300; round++)
        {
            var request = new PartitionRequest { Graph = RandomRequest.Graph(random, random.Next(2, 40)), Nodes = RandomRequest.Nodes(random, random.Next(1, 6)), Policy = (DistributionPolicy)random.Next(4) };
            var plan = Partitioner.Partition(request);
            foreach (var (node, load) in request.Nodes.Zip(plan.Loads))
            {
                Assert.Equal(node.Id, load.Node);
                Assert.Equal(LoadReference.Load(request, unit => plan.Owners[unit].Node, node), load.Load, 1e-4);
                Assert.Equal(plan.Owners.Count(owner => owner.Node == node.Id), load.Units);
            }
        }
    }

    [Fact]
    public void A_plan_is_total_the_same_in_any_order_and_keeps_host_only_work_on_the_host()
    {
        var random = new Random(4104);
        for (var round = 0; round < 500; round++)
        {
            var graph = RandomRequest.Graph(random, random.Next(1, 60));
            var nodes = RandomRequest.Nodes(random, random.Next(1, 6));
            var request = new PartitionRequest { Graph = graph, Nodes = nodes, Policy = (DistributionPolicy)random.Next(4) };
            var plan = Partitioner.Partition(request);

            Assert.Equal(graph.Units.Length, plan.Owners.Length);
            Assert.All(plan.Reasons, reason => Assert.NotEmpty(reason));
            for (var unit = 0; unit < graph.Units.Length; unit++)
            {
                var node = nodes.Single(node => node.Id == plan.Owners[unit].Node);
                Assert.True(node.IsHost || !(graph.Units[unit].IsHostOnly || request.Policy == DistributionPolicy.Off), $"Round {round}: unit {unit} is for the host only.");
                Assert.InRange(plan.Owners[unit].Worker, 0, node.Workers - 1);
            }

            var (shuffled, at) = Shuffle(graph, random);
            PartitionNode[] others = [.. nodes];
            random.Shuffle(others);
            var again = Partitioner.Partition(request with { Graph = shuffled, Nodes = [.. others] });
            Assert.Equal(plan.Owners, [.. at.Select(unit => again.Owners[unit])]);
        }
    }

    [Theory]
    [InlineData(DistributionPolicy.Balanced)]
    [InlineData(DistributionPolicy.AggressiveOffload)]
    [InlineData(DistributionPolicy.PreferLocal)]
    public void A_change_of_less_than_a_tenth_moves_nothing(DistributionPolicy policy)
    {
        var random = new Random(4105);
        for (var round = 0; round < 60; round++)
        {
            var request = new PartitionRequest { Graph = RandomRequest.Project(random, 60, 10), Nodes = RandomRequest.Nodes(random, 4), Policy = policy };
            var plan = Partitioner.Partition(request);
            // What crosses costs what it did, so that no node changes by more than its units do.
            var changed = request with
            {
                Graph = request.Graph with { Units = [.. request.Graph.Units.Select(unit => unit with { Cost = unit.Cost * (0.92 + (0.16 * random.NextDouble())) })] },
                Previous = PreviousPlacement.Of(request, plan),
            };
            Assert.Equal(plan.Owners.Select(owner => owner.Node), Partitioner.Partition(changed).Owners.Select(owner => owner.Node));
        }
    }

    [Fact]
    public void A_plan_that_follows_another_moves_little_and_is_still_good()
    {
        var random = new Random(4106);
        var (moved, anew, units) = (0, 0, 0);
        for (var round = 0; round < 60; round++)
        {
            var before = new PartitionRequest { Graph = RandomRequest.Project(random, 60, 10), Nodes = RandomRequest.Nodes(random, 4) };
            var plan = Partitioner.Partition(before);
            var joined = new PartitionNode(RandomRequest.Id(9), 2, false) { Speed = 200 };
            var request = before with
            {
                Graph = before.Graph with { Units = [.. before.Graph.Units.Select(unit => unit with { Cost = unit.Cost * (0.5 + random.NextDouble()) })] },
                Nodes = round % 2 == 0 ? before.Nodes : before.Nodes.Add(joined),
                Previous = PreviousPlacement.Of(before, plan),
            };
            var next = Partitioner.Partition(request);
            var fresh = Partitioner.Partition(request with { Previous = null });
            var (peak, best) = (LoadReference.Peak(request, unit => next.Owners[unit].Node), LoadReference.Peak(request, unit => fresh.Owners[unit].Node));
            Assert.True(peak <= 1.3 * best, $"Round {round}: {peak}, and {best} from scratch.");
            moved += plan.Owners.Zip(next.Owners).Count(pair => pair.First.Node != pair.Second.Node);
            anew += plan.Owners.Zip(fresh.Owners).Count(pair => pair.First.Node != pair.Second.Node);
            units += plan.Owners.Length;
        }

        TestContext.Current.SendDiagnosticMessage($"of {units} units {moved} move; from scratch {anew}");
        Assert.True(moved < anew / 2, $"{moved} moved, {anew} from scratch.");
    }

    [Fact]
    public void Who_is_lost_leaves_everybody_elses_work_where_it_is()
    {
        var random = new Random(4107);
        var (fits, lostWork) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            ImmutableArray<PartitionNode> nodes = [.. RandomRequest.Nodes(random, 5).Select(node => node with { Speed = 2.5 * node.Speed })];
            var request = new PartitionRequest { Graph = RandomRequest.Project(random, 40, 10), Nodes = nodes, Policy = (DistributionPolicy)random.Next(1, 4) };
            var plan = Partitioner.Partition(request);
            var lost = nodes.Where(node => !node.IsHost).MaxBy(node => plan.Loads.Single(load => load.Node == node.Id).Load)!;
            var left = request with { Nodes = nodes.Remove(lost), Previous = PreviousPlacement.Of(request, plan) };
            var next = Partitioner.Partition(left);
            Assert.All(plan.Owners.Zip(next.Owners), pair => Assert.True(pair.First.Node == lost.Id ? pair.Second.Node != lost.Id : pair.First.Node == pair.Second.Node));
            lostWork += plan.Owners.Count(owner => owner.Node == lost.Id);
            if (plan.HasReserve)
            {
                // What is whole does not fill every gap: a Channel more than there was spare is what a reserve does not promise.
                fits++;
                Assert.True(LoadReference.Peak(left, unit => next.Owners[unit].Node) <= 1.0, $"Round {round}: the reserve was none.");
            }
        }

        Assert.True(lostWork > 500, $"Only {lostWork} units were lost.");
        Assert.InRange(fits, 5, 59);
    }

    [Fact]
    public void What_is_to_leave_the_host_leaves_it_for_the_first_satellite_that_comes()
    {
        var random = new Random(4112);
        ImmutableArray<PartitionNode> nodes = [new(RandomRequest.Id(1), 2, true), new(RandomRequest.Id(2), 2, false)];
        var alone = new PartitionRequest { Graph = RandomRequest.Project(random, 40, 10), Nodes = [nodes[0]], Policy = DistributionPolicy.AggressiveOffload };
        var joined = alone with { Nodes = nodes, Previous = PreviousPlacement.Of(alone, Partitioner.Partition(alone)) };
        var plan = Partitioner.Partition(joined);
        Assert.All(alone.Graph.Units.Zip(plan.Owners), placed => Assert.Equal(placed.First.IsHostOnly ? nodes[0].Id : nodes[1].Id, placed.Second.Node));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void Of_what_costs_the_same_that_moves_which_has_the_least_state(int light)
    {
        // All eight are on one node, and another one comes.
        var (host, one, other) = (new PartitionNode(RandomRequest.Id(1), 1, IsHost: true), new PartitionNode(RandomRequest.Id(2), 1, IsHost: false), new PartitionNode(RandomRequest.Id(3), 1, IsHost: false));
        ImmutableArray<PartitionUnit> units = [.. Enumerable.Range(0, 8).Select(at => new PartitionUnit($"{at}", 900, false) { MemoryBytes = at == light ? 1_000 : 1_000_000 + at })];
        var request = new PartitionRequest { Graph = new PartitionGraph(units, []), Nodes = [host, one], Policy = DistributionPolicy.AggressiveOffload };
        var plan = Partitioner.Partition(request);
        Assert.All(plan.Owners, owner => Assert.Equal(one.Id, owner.Node));
        var moved = Partitioner.Partition(request with { Nodes = [host, one, other], Previous = PreviousPlacement.Of(request, plan) }).Owners;
        Assert.Contains(light, Enumerable.Range(0, 8).Where(unit => moved[unit].Node != one.Id));
    }

    [Fact]
    public void What_needs_something_goes_where_that_is()
    {
        ImmutableArray<PartitionNode> nodes =
        [
            new(RandomRequest.Id(1), 1, true) { Name = "host", Plugins = [] },
            new(RandomRequest.Id(2), 1, false) { Name = "far", RoundTrip = TimeSpan.FromMilliseconds(9), Plugins = ["vst3:Verb"] },
            new(RandomRequest.Id(3), 1, false) { Name = "small", MemoryBytes = 1_000, Plugins = [] },
            new(RandomRequest.Id(4), 8, false) { Name = "cloud", Exclusion = "it is a cloud node" },
        ];
        ImmutableArray<PartitionUnit> units =
        [
            new("verb", 1, false) { Plugins = ["vst3:Verb"] },
            new("missing", 1, false) { Plugins = ["clap:Gone"] },
            new("insert", 1, false) { LongestRoundTrip = TimeSpan.FromMilliseconds(5) },
            new("sampler", 1, false) { MemoryBytes = 2_000 },
            new("wanted", 1, false) { PinnedTo = RandomRequest.Id(3) },
            new("inVain", 1, false) { PinnedTo = RandomRequest.Id(4) },
            new("live", 1, true) { PinnedTo = RandomRequest.Id(3), HostReason = "Channel \"voice\" is live" },
            .. Enumerable.Range(0, 20).Select(unit => new PartitionUnit($"any{unit}", 1, false) { MemoryBytes = 300 }),
        ];
        var plan = Partitioner.Partition(new PartitionRequest { Graph = new PartitionGraph(units, []), Nodes = nodes, Policy = DistributionPolicy.AggressiveOffload });
        string Of(string id) => nodes.Single(node => node.Id == plan.Owners[Find(id)].Node).Name;
        string Why(string id) => plan.Reasons[Find(id)];
        int Find(string id) => units.IndexOf(units.Single(unit => unit.Id == id));

        Assert.Equal("far", Of("verb"));
        Assert.Contains("vst3:Verb", Why("verb"), StringComparison.Ordinal);
        Assert.Equal("host", Of("missing"));
        Assert.Contains("clap:Gone", Why("missing"), StringComparison.Ordinal);
        Assert.Contains("missing everywhere", Why("missing"), StringComparison.Ordinal);
        Assert.Contains(plan.Refusals, refusal => refusal.UnitId == "missing" && refusal.Node is null && refusal.Reason == "\"missing\": clap:Gone is missing everywhere: audio passes through.");
        Assert.DoesNotContain("everywhere", Why("verb"), StringComparison.Ordinal);
        Assert.Equal("small", Of("insert"));
        Assert.Equal("far", Of("sampler"));
        Assert.Equal("small", Of("wanted"));
        Assert.Equal("it is pinned to small", Why("wanted"));
        Assert.NotEqual("cloud", Of("inVain"));
        Assert.Equal("host", Of("live"));
        Assert.Equal("Channel \"voice\" is live", Why("live"));
        Assert.DoesNotContain(plan.Owners, owner => owner.Node == RandomRequest.Id(4));
        Assert.True(plan.Loads[2].MemoryBytes <= 1_000, "There is not more than it has the memory for.");
        Assert.Contains(plan.Refusals, refusal => refusal.UnitId is null && refusal.Node == RandomRequest.Id(4) && refusal.Reason.Contains("cloud node", StringComparison.Ordinal));
        Assert.Contains(plan.Refusals, refusal => refusal.UnitId == "inVain" && refusal.Reason.Contains("it is a cloud node", StringComparison.Ordinal));
        Assert.Contains(plan.Refusals, refusal => refusal.UnitId == "live" && refusal.Reason.Contains("pinned elsewhere", StringComparison.Ordinal));
        Assert.Contains(plan.Refusals, refusal => refusal.UnitId == "insert" && refusal.Reason.Contains("9 ms away", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DistributionPolicy.Off, false, false, "distribution is off, host has no vst3:Verb")]
    [InlineData(DistributionPolicy.Balanced, true, false, "it is live, host has no vst3:Verb")]
    [InlineData(DistributionPolicy.Balanced, false, true, "it is pinned to host, host has no vst3:Verb")]
    public void What_has_to_be_on_the_host_says_what_it_does_without_there(DistributionPolicy policy, bool isHostOnly, bool isPinned, string why)
    {
        ImmutableArray<PartitionNode> nodes = [new(RandomRequest.Id(1), 1, true) { Name = "host", Plugins = [] }, new(RandomRequest.Id(2), 1, false) { Name = "tower", Plugins = ["vst3:Verb"] }];
        PartitionUnit unit = new("verb", 1, isHostOnly) { Plugins = ["vst3:Verb"], HostReason = isHostOnly ? "it is live" : "", PinnedTo = isPinned ? RandomRequest.Id(1) : null };
        var plan = Partitioner.Partition(new PartitionRequest { Graph = new PartitionGraph([unit], []), Nodes = nodes, Policy = policy });
        Assert.Equal((nodes[0].Id, why), (plan.Owners[0].Node, plan.Reasons[0]));
        Assert.Equal("\"verb\": host has no vst3:Verb.", Assert.Single(plan.Refusals).Reason);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(30, 1)]
    [InlineData(10, 8)]
    public void Preferring_the_host_moves_what_it_has_no_capacity_for(int speed, int least)
    {
        var graph = RandomRequest.Project(new Random(4108), 12, 6);
        ImmutableArray<PartitionNode> nodes = [new(RandomRequest.Id(1), 4, true) { Speed = speed * 2 }, new(RandomRequest.Id(2), 4, false) { Speed = 1_000 }];
        var plan = Partitioner.Partition(new PartitionRequest { Graph = graph, Nodes = nodes, Policy = DistributionPolicy.PreferLocal });
        var away = plan.Owners.Count(owner => owner.Node == nodes[1].Id);
        Assert.True(plan.Loads[0].Load <= 0.8, $"The host has {plan.Loads[0].Load} to do.");
        Assert.InRange(away, least, least == 0 ? 0 : graph.Units.Length - 1);
    }

    [Fact]
    public void Cheap_work_leaves_the_host_if_it_is_to_and_what_joins_it_stays()
    {
        // What is live, an insert of it, and two Channels that are summed for it.
        PartitionUnit[] units = [new("live", 1, true), new("insert", 1, false), new("one", 50, false), new("two", 50, false), new("sum", 0.5, false), new("output", 1, true)];
        PartitionEdge[] edges = [new(0, 1, 2), new(1, 5, 2), new(2, 4, 2), new(3, 4, 2), new(4, 5, 2)];
        var plan = Partitioner.Partition(new PartitionRequest
        {
            Graph = new PartitionGraph([.. units], [.. edges]),
            Nodes = [.. RandomRequest.Nodes(new Random(1), 3).Select(node => node with { Speed = 100, Workers = 1 })],
            Policy = DistributionPolicy.AggressiveOffload,
        });
        var host = RandomRequest.Id(1);
        Assert.Equal([true, false, false, false, true, true], plan.Owners.Select(owner => owner.Node == host));
        Assert.NotEqual(plan.Owners[2].Node, plan.Owners[3].Node);
        Assert.Contains("joins what others make", plan.Reasons[4], StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_is_busy_by_itself_does_not_gather_all_else_in_one_place()
    {
        var graph = RandomRequest.Project(new Random(4109), 12, 6);
        graph = graph with { Units = [.. graph.Units.Select(unit => unit.IsHostOnly ? unit with { Cost = 450 } : unit)] };
        ImmutableArray<PartitionNode> nodes = [new(RandomRequest.Id(1), 1, true) { Speed = 160 }, new(RandomRequest.Id(2), 1, false) { Speed = 3_000 }, new(RandomRequest.Id(3), 1, false) { Speed = 2_400 }];
        foreach (var policy in (DistributionPolicy[])[DistributionPolicy.Balanced, DistributionPolicy.AggressiveOffload])
        {
            var plan = Partitioner.Partition(new PartitionRequest { Graph = graph, Nodes = nodes, Policy = policy });
            Assert.All(plan.Loads.Skip(1), load => Assert.InRange(load.Load, 0.02, 0.2));
        }
    }

    [Fact]
    public void An_empty_graph_has_an_empty_plan()
    {
        var plan = Partitioner.Partition(new PartitionRequest { Graph = new PartitionGraph([], []), Nodes = RandomRequest.Nodes(new Random(1), 3) });
        Assert.Empty(plan.Owners);
        Assert.True(plan.HasReserve);
        Assert.All(plan.Loads, load => Assert.Equal(0, load.Load));
    }

    [Fact]
    public void Wrong_requests_are_refused()
    {
        var host = new PartitionNode(RandomRequest.Id(1), 1, true);
        var unit = new PartitionUnit("u", 1, false);
        var right = new PartitionRequest { Graph = new PartitionGraph([unit], []), Nodes = [host] };
        Refused("Exactly one node is the host", right with { Nodes = [host with { IsHost = false }] });
        Refused("an id of its own", right with { Nodes = [host, host with { IsHost = false }] });
        Refused("workers", right with { Nodes = [host with { Workers = 0 }] });
        Refused("speed", right with { Nodes = [host with { Speed = double.NaN }] });
        Refused("an id of its own", right with { Graph = new PartitionGraph([unit, unit], []) });
        Refused("higher index", right with { Graph = new PartitionGraph([unit, unit with { Id = "v" }], [new(1, 0, 2)]) });
        Refused("higher index", right with { Graph = new PartitionGraph([unit], [new(0, 1, 2)]) });
        Refused("audio channels", right with { Graph = new PartitionGraph([unit, unit with { Id = "v" }], [new(0, 1, 0)]) });
        Refused("cost", right with { Graph = new PartitionGraph([unit with { Cost = double.PositiveInfinity }], []) });
        Refused("headroom", right with { Headroom = 1 });
        Refused("not to be excluded", right with { Nodes = [host with { Exclusion = "why" }] });

        static void Refused(string why, PartitionRequest request) =>
            Assert.Contains(why, Assert.Throws<ArgumentException>(() => Partitioner.Partition(request)).Message, StringComparison.Ordinal);
    }

    /// <summary>The same graph in another order of its units.</summary>
    private static (PartitionGraph Graph, int[] At) Shuffle(PartitionGraph graph, Random random)
    {
        // A random order that is topological: whoever has no feeder left is next by chance.
        var order = new List<int>();
        while (order.Count < graph.Units.Length)
        {
            var ready = Enumerable.Range(0, graph.Units.Length).Where(unit => !order.Contains(unit) && graph.Edges.All(edge => edge.To != unit || order.Contains(edge.From))).ToArray();
            order.Add(ready[random.Next(ready.Length)]);
        }

        int[] at = [.. Enumerable.Range(0, order.Count).Select(unit => order.IndexOf(unit))];
        PartitionEdge[] edges = [.. graph.Edges.Select(edge => edge with { From = at[edge.From], To = at[edge.To] })];
        random.Shuffle(edges);
        return (new PartitionGraph([.. order.Select(unit => graph.Units[unit])], [.. edges]), at);
    }
}
