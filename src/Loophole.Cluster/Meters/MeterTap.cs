using System.Runtime.InteropServices;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Meters;

/// <summary>Takes what the meters of a renderer have measured, after each block, and keeps it until it is sent.</summary>
internal sealed class MeterTap
{
    /// <summary>Room beyond what is rendered ahead, for a sender that looks late.</summary>
    private const int SpareWindows = 16;

    private readonly IMeteredRenderer _renderer;
    private readonly int _epoch;
    private readonly (int SignalId, int Node)[] _places;
    private readonly MeterRing[] _rings;

    private MeterTap(IMeteredRenderer renderer, SubgraphPlan plan, int epoch, int capacity)
    {
        var places = plan.Steps.OfType<ChannelStep>()
            .SelectMany(step => step.Nodes.Select((node, at) => (node.Node.Id, Place: (step.Output.Id, at))))
            .ToDictionary(node => node.Id, node => node.Place);
        (_renderer, _epoch) = (renderer, epoch);
        _places = [.. renderer.Meters.Select(meter => places[meter.NodeId])];
        _rings = [.. renderer.Meters.Select(meter => new MeterRing(meter.AudioChannels, capacity))];
    }

    /// <summary>Windows that found no room. [any]</summary>
    public long Dropped => _rings.Sum(ring => ring.Dropped);

    /// <summary>Makes one for a renderer.</summary>
    /// <returns><see langword="null"/> when nobody asked for what meters show, or there are none.</returns>
    public static MeterTap? Of(IRenderer renderer, SessionFormat format, int epoch)
    {
        if (!format.HasMeters || renderer is not IMeteredRenderer { Meters.IsEmpty: false } metered)
        {
            return null;
        }

        // All that may be rendered before somebody looks: up to the horizon, from a checkpoint on.
        var frames = (long)format.LeadFrames + (2 * format.CheckpointFrames);
        return new MeterTap(metered, renderer.Plan, epoch, (int)(frames / MeterWindows.FramesAt(format.SampleRate)) + SpareWindows);
    }

    /// <summary>Takes what is finished. Does not wait, lock, or allocate. [render thread, audio thread]</summary>
    public void Drain()
    {
        for (var meter = 0; meter < _rings.Length; meter++)
        {
            _rings[meter].Drain(_renderer, meter);
        }
    }

    /// <summary>Takes windows that wait to be sent, those of one meter in order. [sender]</summary>
    /// <param name="mayTake">Whether there is room for one more, of so many readings.</param>
    public IEnumerable<MeterWindow> Take(Func<int, bool> mayTake)
    {
        for (var meter = 0; meter < _rings.Length; meter++)
        {
            while (mayTake(_renderer.Meters[meter].AudioChannels) && _rings[meter].TryTake() is var (startFrame, readings))
            {
                yield return new MeterWindow(_places[meter].SignalId, _places[meter].Node, _epoch, startFrame, ImmutableCollectionsMarshal.AsImmutableArray(readings));
            }
        }
    }
}
