using Loophole.Cluster.Control;

namespace Loophole.Cluster.Sessions;

/// <summary>What a remote Signal tells Pulse without being asked. Members do not block. [any]</summary>
internal interface IRemoteSignalEvents
{
    /// <summary>It sent an event.</summary>
    void Told(RemoteSignal signal, Envelope envelope);

    /// <summary>It was asked what it has done.</summary>
    void Measured(RemoteSignal signal, NodeMeasured measured);

    /// <summary>It is the host, and was asked how what all render comes to it.</summary>
    void Measured(RemoteSignal signal, LinksMeasured links);

    /// <summary>It is lost: said once.</summary>
    void Lost(RemoteSignal signal, string reason);
}
