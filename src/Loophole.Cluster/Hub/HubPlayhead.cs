namespace Loophole.Cluster.Hub;

/// <summary>Where the session is, for whoever measures how far ahead of it something comes. Safe for concurrent use.</summary>
internal sealed class HubPlayhead
{
    private IHubOutput? _output;
    private long _start;

    /// <summary>From now on it is where this output is. Nothing is due before that has moved. [control]</summary>
    public void Follow(IHubOutput output)
    {
        _start = output.Playhead;
        Volatile.Write(ref _output, output);
    }

    /// <summary>The render frame that is due next, or <see langword="null"/> before anything is. [any]</summary>
    public long? Frame => Volatile.Read(ref _output) is { } output && output.Playhead is var frame && frame > _start ? frame : null;

    /// <summary>How far is rendered ahead of it, in frames; 0 before anything is. [any]</summary>
    public int LeadFrames => Volatile.Read(ref _output)?.LeadFrames ?? 0;
}
