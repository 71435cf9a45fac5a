using Loophole.Cluster.Messages;

namespace Loophole.Cluster.Hub;

/// <summary>What the hub tells Pulse. Members do not block and do not throw. [any]</summary>
internal interface IHubEvents
{
    void Progress(RenderingProgress progress);

    void Finished(RenderingFinished finished);

    void Position(PlayPosition position);

    void Gap(GapHeard gap);

    void Turned(Turned turned);

    void Failed(RenderingFailed failed);

    void NodeFailed(NodeFailed failed);
}
