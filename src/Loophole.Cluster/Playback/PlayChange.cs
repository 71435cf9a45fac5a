using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>Something that a user does while it plays.</summary>
internal abstract record PlayChange
{
    /// <summary>Project time runs, or goes on.</summary>
    public sealed record Run : PlayChange;

    /// <summary>Project time stands still.</summary>
    public sealed record Pause : PlayChange;

    /// <summary>Project time goes to a frame, and all state starts afresh.</summary>
    public sealed record Locate(long ProjectFrame) : PlayChange;

    /// <summary>Project time stands still where playing once started, and all state starts afresh.</summary>
    public sealed record Stop : PlayChange;

    /// <summary>Something else is repeated, or nothing.</summary>
    public sealed record Repeat(LoopRegion? Loop) : PlayChange;

    /// <summary>A parameter is taken over from its automation, moved away from it, or given back.</summary>
    public sealed record SetParameter(string NodeId, string Parameter, double? Value, bool IsRelative, long RampFrames) : PlayChange
    {
        /// <summary>As an event.</summary>
        public ParameterEvent At(long frame, long sequence) =>
            new() { Frame = frame, Sequence = sequence, NodeId = NodeId, Parameter = Parameter, Value = Value, IsRelative = IsRelative, RampFrames = RampFrames };
    }
}
