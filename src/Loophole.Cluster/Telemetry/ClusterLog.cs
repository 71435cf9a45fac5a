using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Telemetry;

/// <summary>Every log event of this assembly. Identifiers 2000–2999 belong to it and are never reused.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(2001, LogLevel.Information, "Connection from {EndPoint} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, Uri endPoint, string reason);

    [LoggerMessage(2002, LogLevel.Information, "Node {Node} joined at {EndPoint} with {Workers} render threads")]
    public static partial void NodeJoined(ILogger logger, string node, Uri endPoint, int workers);

    [LoggerMessage(2003, LogLevel.Warning, "Node {Node} is lost: {Reason}")]
    public static partial void NodeLost(ILogger logger, string node, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Subgraph {Subgraph} goes on at frame {Frame} on {Node}")]
    public static partial void SubgraphMoved(ILogger logger, string subgraph, long frame, string node);

    [LoggerMessage(2400, LogLevel.Information, "Dialling {EndPoint} by {Transport}: {Choice} of {Transports}, in this order of preference")]
    public static partial void TransportChosen(ILogger logger, string transport, Uri endPoint, TransportChoice choice, string transports);

    [LoggerMessage(2401, LogLevel.Warning, "{EndPoint} does not answer, so {Next} is tried: {Reason}")]
    public static partial void TransportUnreachable(ILogger logger, Uri endPoint, Uri next, string reason);
}
