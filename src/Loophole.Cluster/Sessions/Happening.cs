using Loophole.Cluster.Messages;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Sessions;

/// <summary>Something that happened during a render.</summary>
internal abstract record Happening
{
    /// <summary>The playhead moved.</summary>
    public sealed record Progress(long PlayheadFrame) : Happening;

    /// <summary>The device is at a frame.</summary>
    public sealed record Position(PlayPosition At) : Happening;

    /// <summary>The host missed something that is heard.</summary>
    public sealed record Gap(GapHeard What) : Happening;

    /// <summary>Something that somebody waits for: whoever takes it completes it with the render frame at which it is done, or fails it.</summary>
    public abstract record Asked : Happening
    {
        public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Says that it will never be done.</summary>
        public void Refuse(string reason) => Done.TrySetException(new InvalidOperationException(reason));
    }

    /// <summary>What plays is to change.</summary>
    public sealed record ChangeAsked(PlayChange Change, long NotBefore) : Asked
    {
        /// <summary>Whether another change can be made in one go with this one: both set parameters, at the same time.</summary>
        public bool GoesWith(Happening? other) =>
            Change is PlayChange.SetParameter && other is ChangeAsked { Change: PlayChange.SetParameter } change && change.NotBefore == NotBefore;
    }

    /// <summary>A hand is laid on some parameters.</summary>
    public sealed record GestureOpened(GestureSession Session) : Asked;

    /// <summary>A hand lets go.</summary>
    public sealed record GestureClosed(GestureSession Session) : Asked;

    /// <summary>A Channel is to be live, or not any more.</summary>
    public sealed record LiveAsked(string ChannelId, bool IsLive) : Asked;

    /// <summary>Work is to be where it is best by a policy and what the user wants; by what holds where nothing is said.</summary>
    public sealed record PlacementAsked(DistributionPolicy? Policy = null, PlacementWishes? Wishes = null) : Asked;

    /// <summary>A Signal was asked what it has done.</summary>
    public sealed record Measured(RemoteSignal Signal, NodeMeasured What) : Happening;

    /// <summary>A Signal has come.</summary>
    public sealed record NodeJoined(RemoteSignal Signal) : Happening;

    /// <summary>Something else is live.</summary>
    public sealed record HasTurned(Turned At) : Happening;

    /// <summary>Playing is to end.</summary>
    public sealed record StopAsked : Happening;

    /// <summary>The file is complete.</summary>
    public sealed record Finished(RenderingFinished Result) : Happening;

    /// <summary>The host gave up.</summary>
    public sealed record Failed(string Message) : Happening;

    /// <summary>Pulse lost a Signal.</summary>
    public sealed record NodeLost(RemoteSignal Signal) : Happening;

    /// <summary>The host lost the audio of a Signal.</summary>
    public sealed record NodeCut(Guid Node, string Reason) : Happening;
}
