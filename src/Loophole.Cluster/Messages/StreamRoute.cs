namespace Loophole.Cluster.Messages;

/// <summary>Which stream of a link carries a signal for one subgraph.</summary>
/// <param name="SignalId">The signal.</param>
/// <param name="AudioChannels">Its width.</param>
/// <param name="StreamId">The stream, unique in the session: a signal read by two subgraphs travels as two streams.</param>
internal sealed record StreamRoute(int SignalId, int AudioChannels, int StreamId);
