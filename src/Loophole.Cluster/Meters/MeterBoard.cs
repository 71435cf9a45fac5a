using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Meters;

/// <summary>What Pulse knows of all meters: keeps what Signals have measured ahead of what is heard, and says what they show where that is. Safe for concurrent use.</summary>
/// <remarks>What is rendered anew is measured anew. After a fail-over the same comes again; after a change something else does, so of what was measured before the change goes only what was rendered
/// before its frame, however late it arrives: every window says under which assignment it was rendered. By render frames, since a Node with latency sounds otherwise before what happens to it is heard.</remarks>
internal sealed class MeterBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, MeterStrip> _strips;
    private readonly Dictionary<string, MeteredSubgraph> _subgraphs = [];
    private readonly Dictionary<NodeId, uint> _dropped = [];
    private long _heardFrame;
    private long _knownBefore;

    /// <param name="plan">What is played.</param>
    public MeterBoard(GlobalPlan plan)
    {
        var windowFrames = MeterWindows.FramesAt(plan.SampleRate);
        _strips = plan.Steps.OfType<ChannelStep>().ToDictionary(step => step.Output.Id, step => new MeterStrip(step, windowFrames));
    }

    /// <summary>Windows that Signals left out because they could not be sent in time. [any]</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped.Values.Sum(dropped => (long)dropped);
            }
        }
    }

    /// <summary>Where every subgraph is rendered from frame 0 on. [session]</summary>
    public void Assign(IEnumerable<(SubgraphPlan Plan, int Epoch, NodeId Node)> assignments)
    {
        lock (_gate)
        {
            foreach (var (plan, epoch, node) in assignments)
            {
                var subgraph = _subgraphs[plan.Id] = new MeteredSubgraph();
                subgraph.Assign(epoch, node);
                foreach (var step in plan.Steps.OfType<ChannelStep>())
                {
                    _strips[step.Output.Id].Subgraph = subgraph;
                }
            }
        }
    }

    /// <summary>Where everything is rendered now that something else is live. What was measured before is what would be measured now. [session]</summary>
    public void Turn(IEnumerable<(SubgraphPlan Plan, int Epoch, NodeId Node)> assignments)
    {
        lock (_gate)
        {
            foreach (var (plan, epoch, node) in assignments.Where(assignment => !_subgraphs.ContainsKey(assignment.Plan.Id)))
            {
                var subgraph = _subgraphs[plan.Id] = new MeteredSubgraph();
                foreach (var strip in plan.Steps.OfType<ChannelStep>().Select(step => _strips[step.Output.Id]))
                {
                    subgraph.Inherit(strip.Subgraph);
                    strip.Subgraph = subgraph;
                }

                subgraph.Assign(epoch, node);
            }
        }
    }

    /// <summary>Where a subgraph goes on. [session]</summary>
    public void Assign(string subgraphId, int epoch, NodeId node)
    {
        lock (_gate)
        {
            _subgraphs[subgraphId].Assign(epoch, node);
        }
    }

    /// <summary>From a render frame on something else happens in some subgraphs. [session]</summary>
    public void Change(IEnumerable<string> subgraphIds, long frame)
    {
        lock (_gate)
        {
            foreach (var subgraph in subgraphIds.Select(id => _subgraphs[id]))
            {
                subgraph.Change(frame);
                foreach (var strip in _strips.Values.Where(strip => strip.Subgraph == subgraph))
                {
                    strip.TakeBack(frame);
                }
            }
        }
    }

    /// <summary>Nobody is told what happens from this render frame on, so nobody can have rendered it. [session]</summary>
    public void Know(long knownBefore)
    {
        lock (_gate)
        {
            _knownBefore = Math.Max(_knownBefore, knownBefore);
        }
    }

    /// <summary>Takes what a Signal has sent. [meter receiver]</summary>
    /// <exception cref="TransportException">It cannot be meant.</exception>
    public void Take(NodeId node, MeterBundle bundle)
    {
        lock (_gate)
        {
            _dropped[node] = bundle.Dropped;
            foreach (var window in bundle.Windows)
            {
                Take(node, window);
            }
        }
    }

    /// <summary>What every meter shows, as far as something is known of it, in the order of the plan. [session]</summary>
    /// <param name="heardFrame">The frame that is heard; never before that of the call before.</param>
    public ImmutableArray<MeterLevel> Read(long heardFrame)
    {
        lock (_gate)
        {
            _heardFrame = Math.Max(_heardFrame, heardFrame);
            foreach (var subgraph in _subgraphs.Values)
            {
                subgraph.Forget(_heardFrame);
            }

            return [.. _strips.Values.SelectMany(strip => strip.Read(_heardFrame))];
        }
    }

    private void Take(NodeId node, MeterWindow window)
    {
        if (!_strips.TryGetValue(window.SignalId, out var strip))
        {
            throw MeterChannel.Malformed($"a window of signal {window.SignalId}, which no Channel makes");
        }

        if (strip.FindFault(window, _knownBefore) is { } fault)
        {
            throw MeterChannel.Malformed($"a window {fault}");
        }

        var endFrame = strip.Subgraph.EndOf(window.Epoch, node)
            ?? throw MeterChannel.Malformed($"a window under assignment {window.Epoch}, which {node} does not have");
        strip.Put(window, endFrame, _heardFrame);
    }
}
