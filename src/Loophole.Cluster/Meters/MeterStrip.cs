using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Meters;

/// <summary>The Nodes of a Channel, and what those of them that are meters have measured.</summary>
/// <param name="step">The Channel.</param>
/// <param name="windowFrames">The length of a window.</param>
internal sealed class MeterStrip(ChannelStep step, int windowFrames)
{
    private readonly MeterTrail?[] _trails = new MeterTrail?[step.Nodes.Length];

    /// <summary>Where it is rendered; set before anything is taken.</summary>
    public MeteredSubgraph Subgraph { get; set; } = new();

    /// <summary>What of a window cannot be, to follow "a window" in a sentence; or <see langword="null"/>.</summary>
    /// <param name="window">A window of this Channel's signal.</param>
    /// <param name="knownBefore">Nobody can have rendered beyond this render frame.</param>
    public string? FindFault(MeterWindow window, long knownBefore)
    {
        if (window.Node >= step.Nodes.Length || window.Readings.Length != step.Output.AudioChannels)
        {
            return $"of node {window.Node} with {window.Readings.Length} audio channels, where {step.Id} has {step.Nodes.Length} nodes with {step.Output.AudioChannels}";
        }

        // Where it is rendered, it ends after frame 0 and before what nobody knows.
        var earliest = -windowFrames - (long)step.Nodes[window.Node].UpstreamLatencyFrames;
        return window.StartFrame % windowFrames != 0 || window.StartFrame <= earliest || window.StartFrame > knownBefore + earliest
            ? $"at frame {window.StartFrame}, where all before {knownBefore} is known"
            : window.Readings.Any(reading => !(reading.Peak is >= 0 and <= float.MaxValue && reading.Rms is >= 0 and <= float.MaxValue))
                ? "with what is no level"
                : null;
    }

    /// <summary>Takes note of a window that has no fault, unless what comes from a render frame on is not what it measured.</summary>
    /// <param name="window">The window.</param>
    /// <param name="endFrame">The render frame.</param>
    /// <param name="heardFrame">The node-local frame that is heard.</param>
    public void Put(MeterWindow window, long endFrame, long heardFrame)
    {
        if (window.StartFrame + windowFrames + step.Nodes[window.Node].UpstreamLatencyFrames <= endFrame)
        {
            (_trails[window.Node] ??= new MeterTrail(windowFrames)).Put(window, heardFrame);
        }
    }

    /// <summary>Forgets what was measured of a render frame or of any after it.</summary>
    public void TakeBack(long frame)
    {
        foreach (var (node, trail) in step.Nodes.Zip(_trails))
        {
            trail?.TakeBack(frame - node.UpstreamLatencyFrames);
        }
    }

    /// <summary>What its meters show, as far as something is known of them.</summary>
    /// <param name="heardFrame">The node-local frame that is heard.</param>
    public IEnumerable<MeterLevel> Read(long heardFrame) => step.Nodes.Zip(_trails, (node, trail) => (node.Node.Id, Window: trail?.At(heardFrame)))
        .Where(shown => shown.Window is not null)
        .Select(shown => new MeterLevel(step.ChannelId, shown.Id, shown.Window!.StartFrame, shown.Window.Readings));
}
