using System.Diagnostics.Metrics;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Telemetry;

/// <summary>What is measured of a session, as metrics: those of Signals and links as Pulse last heard them, what happened as counts. Safe for concurrent use.</summary>
internal sealed class SessionMetrics : IDisposable
{
    private readonly IClusterRegistry _registry;
    private readonly Meter? _ownMeter;
    private readonly Histogram<double> _roundTrips;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _blocks;
    private readonly Counter<long> _lateBlocks;
    private readonly Counter<long> _concealedFrames;
    private readonly Counter<long> _joins;
    private readonly Counter<long> _lostNodes;
    private readonly Counter<long> _failOvers;
    private readonly Counter<long> _placements;
    private readonly Counter<long> _lateCalls;
    private PlayPosition? _position;

    /// <param name="factory">Makes the meter; <see langword="null"/> for one of its own.</param>
    /// <param name="registry">What is known of Signals.</param>
    public SessionMetrics(IMeterFactory? factory, IClusterRegistry registry)
    {
        _registry = registry;
        var meter = ClusterMeter.Make(factory, out _ownMeter);
        _roundTrips = meter.CreateHistogram<double>("loophole.node.round_trip", "s", "How long Signals took to be asked, and to answer.");
        meter.CreateObservableGauge("loophole.node.render_load", RenderLoads, "1", "Part of its threads' time that a Signal has rendered.");
        meter.CreateObservableGauge("loophole.node.block_time", BlockTimes, "1", "How long blocks took to render, as a part of how long they sound.");
        meter.CreateObservableGauge("loophole.node.processor_load", () => Nodes(static node => node.ProcessorLoad), "{core}", "Processor cores that a Signal's process was busy on.");
        meter.CreateObservableGauge("loophole.node.memory", () => Nodes(static node => node.MemoryBytes), "By", "Memory that a Signal's process holds.");
        meter.CreateObservableGauge("loophole.node.clock_offset", () => Nodes(static node => node.ClockOffset.TotalSeconds), "s", "How far a Signal's wall clock is ahead of this one.");
        meter.CreateObservableGauge("loophole.link.margin", () => Links(static links => links.Min(link => link.MarginFrames)), "{frame}", "The least that audio was ahead of when it had to be there.");
        meter.CreateObservableGauge("loophole.link.credit", () => Links(static links => links.Min(link => (long?)link.CreditFrames)), "{frame}", "What may still be sent, the least of all streams.");
        meter.CreateObservableGauge("loophole.link.checkpoint_age", () => Links(static links => links.Max(link => (long?)link.CheckpointAgeFrames)), "{frame}", "How far what is heard is beyond the newest checkpoint, the most of all subgraphs.");
        _bytes = meter.CreateCounter<long>("loophole.link.bytes", "By", "Bytes of samples that crossed.");
        _blocks = meter.CreateCounter<long>("loophole.link.blocks", "{block}", "Blocks that crossed.");
        _lateBlocks = meter.CreateCounter<long>("loophole.link.late_blocks", "{block}", "Blocks that came too late.");
        _concealedFrames = meter.CreateCounter<long>("loophole.link.concealed_frames", "{frame}", "Frames with a gap in the place of what had not come.");
        _joins = meter.CreateCounter<long>("loophole.session.joins", "{node}", "Signals that have joined.");
        _lostNodes = meter.CreateCounter<long>("loophole.session.lost_nodes", "{node}", "Signals that were lost.");
        _failOvers = meter.CreateCounter<long>("loophole.session.fail_overs", "{subgraph}", "Subgraphs that went on elsewhere, as their Signal was lost.");
        _placements = meter.CreateCounter<long>("loophole.session.placements", "{placement}", "How often work was placed anew while it played.");
        _lateCalls = meter.CreateCounter<long>("loophole.session.late_calls", "{call}", "Calls of the audio device in which something was missing.");
        meter.CreateObservableGauge("loophole.session.lead_in_hand", LeadInHand, "{frame}", "Frames that are there beyond what is heard.");
    }

    /// <summary>A Signal has joined. [any]</summary>
    public void Joined() => _joins.Add(1);

    /// <summary>A Signal is lost. [any]</summary>
    public void Lost() => _lostNodes.Add(1);

    /// <summary>A subgraph goes on elsewhere. [any]</summary>
    public void FailedOver() => _failOvers.Add(1);

    /// <summary>Work was placed anew. [any]</summary>
    public void Placed() => _placements.Add(1);

    /// <summary>The device is at a frame. [one caller]</summary>
    public void Observe(PlayPosition position)
    {
        var before = Interlocked.Exchange(ref _position, position);
        _lateCalls.Add(Math.Max(0, position.LateBlocks - (before?.LateBlocks ?? 0)));
    }

    /// <summary>A Signal has answered. [any]</summary>
    public void Observe(string node, NodeTelemetry telemetry) => _roundTrips.Record(telemetry.RoundTrip.TotalSeconds, Tag("node", node));

    /// <summary>The host has told of links. [any]</summary>
    public void Observe(LinksMeasured links)
    {
        foreach (var node in _registry.Current.Nodes)
        {
            var tag = Tag("node", node.Description.Name);
            foreach (var (_, link, _) in links.Links.Where(link => link.Node == node.Description.Id))
            {
                _bytes.Add(link.BytesReceived, tag, Tag("direction", "in"));
                _bytes.Add(link.BytesSent, tag, Tag("direction", "out"));
                _blocks.Add(link.BlocksReceived, tag, Tag("direction", "in"));
                _blocks.Add(link.BlocksSent, tag, Tag("direction", "out"));
                _lateBlocks.Add(link.LateBlocks, tag);
                _concealedFrames.Add(link.ConcealedFrames, tag);
            }
        }
    }

    public void Dispose() => _ownMeter?.Dispose();

    private IEnumerable<(KeyValuePair<string, object?> Node, NodeTelemetry Telemetry)> Alive => _registry.Current.Nodes
        .Where(node => node is { IsPresent: true, Telemetry: not null })
        .Select(node => (Tag("node", node.Description.Name), node.Telemetry!));

    private IEnumerable<Measurement<double>> RenderLoads()
    {
        foreach (var (node, telemetry) in Alive)
        {
            yield return new Measurement<double>(telemetry.Loads.Ahead, node, Tag("cohort", "ahead"));
            yield return new Measurement<double>(telemetry.Loads.Live, node, Tag("cohort", "live"));
            yield return new Measurement<double>(telemetry.Loads.Inserts, node, Tag("cohort", "inserts"));
        }
    }

    private IEnumerable<Measurement<double>> BlockTimes()
    {
        foreach (var (node, telemetry) in Alive)
        {
            if (telemetry.RenderTimes is { } times)
            {
                yield return new Measurement<double>(times.Median, node, Tag("percentile", "50"));
                yield return new Measurement<double>(times.Percentile99, node, Tag("percentile", "99"));
                yield return new Measurement<double>(times.Longest, node, Tag("percentile", "100"));
            }
        }
    }

    private IEnumerable<Measurement<T>> Nodes<T>(Func<NodeTelemetry, T> read)
        where T : struct => Alive.Select(node => new Measurement<T>(read(node.Telemetry), node.Node));

    private IEnumerable<Measurement<long>> Links(Func<IReadOnlyCollection<LinkTelemetry>, long?> read)
    {
        foreach (var (node, telemetry) in Alive)
        {
            if (read(telemetry.Links) is { } frames)
            {
                yield return new Measurement<long>(frames, node);
            }
        }
    }

    private IEnumerable<Measurement<long>> LeadInHand() => Volatile.Read(ref _position) is { } position ? [new Measurement<long>(position.AheadFrames)] : [];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
