using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>The whole graph as steps, with its summation trees and delay compensation, before anything is placed. Immutable.</summary>
/// <remarks>Everything that decides samples is decided here; what placement does with the steps cannot change them.</remarks>
public sealed record GlobalPlan
{
    /// <summary>Frames per second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>The steps, each after everything it reads. Only what reaches the output is here.</summary>
    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>Expected cost of each step, relative, above 0; by step index. As declared, until learnt ones are put in their place (<see cref="LearntCosts.ApplyTo"/>).</summary>
    public required ImmutableArray<double> Costs { get; init; }

    /// <summary>What each step costs by kind, as declared; by step index.</summary>
    public required ImmutableArray<ImmutableArray<KindCost>> Work { get; init; }

    /// <summary>Why each step must run on the host, in words; empty where it need not. By step index.</summary>
    public required ImmutableArray<string> HostReasons { get; init; }

    /// <summary>The plugins that each step needs, each once, named as <see cref="NodePlugin.KeyOf"/> does: those of the active variants of its Channel's stacks. By step index; empty when no step needs any.</summary>
    /// <remarks>Also of variants that are missing to whoever made the graph: a Signal may have them, now or later. Where it does not, audio passes through.</remarks>
    public ImmutableArray<ImmutableArray<string>> Plugins { get; init; } = [];

    /// <summary>About how many bytes of state each step has: what its processors declare, and its delays. By step index; empty when nothing is known.</summary>
    public ImmutableArray<long> StateBytes { get; init; } = [];

    /// <summary>When each step is rendered; by step index. Empty when everything is rendered ahead.</summary>
    public ImmutableArray<RenderPace> Paces { get; init; } = [];

    /// <summary>The signals that the audio device makes, and no step.</summary>
    public ImmutableArray<PlanInput> Inputs { get; init; } = [];

    /// <summary>The signals that are what an insert made, later. No step makes them: where everything is rendered ahead, a step delays in their place.</summary>
    public ImmutableArray<PlanReturn> Returns { get; init; } = [];

    /// <summary>The signal that the sink takes.</summary>
    public required PlanSignal Output { get; init; }

    /// <summary>Frames by which <see cref="Output"/> is late against project time; a sink drops as many at the start.</summary>
    public required int LatencyFrames { get; init; }

    /// <summary>The steps as the partitioner sees them. [any]</summary>
    /// <param name="pins">Where the user wants Channels, by their id; <see langword="null"/> for no wishes.</param>
    /// <returns>One unit per step, in the same order.</returns>
    public PartitionGraph ToPartitionGraph(ImmutableDictionary<string, NodeId>? pins = null)
    {
        var makers = PlanSignals.Makers(this);
        var budgets = Returns.ToLookup(later => later.SourceId, later => later.DelayFrames);
        var units = ImmutableArray.CreateBuilder<PartitionUnit>(Steps.Length);
        var edges = ImmutableArray.CreateBuilder<PartitionEdge>();
        for (var step = 0; step < Steps.Length; step++)
        {
            units.Add(new PartitionUnit(Steps[step].Id, Costs[step], HostReasons[step].Length > 0)
            {
                HostReason = HostReasons[step],
                Plugins = PluginsOf(step),
                // As it runs, and a checkpoint of it.
                MemoryBytes = StateBytes.IsEmpty ? 0 : 2 * StateBytes[step],
                LongestRoundTrip = LongestRoundTripOf(step, budgets),
                PinnedTo = pins is not null && Steps[step] is ChannelStep channel && pins.TryGetValue(channel.ChannelId, out var node) ? node : null,
            });
            foreach (var signalId in PlanSignals.ReadBy(Steps[step]).Distinct())
            {
                // What the device makes is at the host as what reads it is.
                if (makers.TryGetValue(signalId, out var maker))
                {
                    edges.Add(new PartitionEdge(maker.Step, step, maker.Signal.AudioChannels, signalId));
                }
            }
        }

        return new PartitionGraph(units.MoveToImmutable(), edges.ToImmutable());
    }

    /// <summary>What an insert makes has to be back within its budget; what is rendered ahead may be as far away as it likes.</summary>
    private TimeSpan? LongestRoundTripOf(int step, ILookup<int, int> budgets)
    {
        int[] frames = [.. PlanSignals.MadeBy(Steps[step]).SelectMany(signal => budgets[signal.Id])];
        return frames.Length == 0 ? null : TimeSpan.FromSeconds((double)frames.Min() / SampleRate);
    }

    /// <summary>The plugins that a step needs.</summary>
    internal ImmutableArray<string> PluginsOf(int step) => Plugins.IsEmpty ? [] : Plugins[step];
}
