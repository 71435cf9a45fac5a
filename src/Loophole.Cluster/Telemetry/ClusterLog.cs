using Loophole.Cluster.Placement;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Telemetry;

/// <summary>Every log event of this assembly. Identifiers 2000–2999 belong to it and are never reused.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(2001, LogLevel.Information, "Connection from {EndPoint} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, Uri endPoint, string reason);

    [LoggerMessage(2002, LogLevel.Information, "Node {Node} joined at {EndPoint} with {Workers} render threads, each of speed {Speed:0}")]
    public static partial void NodeJoined(ILogger logger, string node, Uri endPoint, int workers, double speed);

    [LoggerMessage(2003, LogLevel.Warning, "Node {Node} is lost: {Reason}")]
    public static partial void NodeLost(ILogger logger, string node, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Subgraph {Subgraph} goes on at frame {Frame} on {Node}")]
    public static partial void SubgraphMoved(ILogger logger, string subgraph, long frame, string node);

    [LoggerMessage(2005, LogLevel.Information, "Audio of node {Node} goes by {Transport}, to {EndPoint}")]
    public static partial void AudioOpened(ILogger logger, string node, string transport, Uri endPoint);

    [LoggerMessage(2006, LogLevel.Information, "From frame {Frame} on {Subgraphs} subgraphs are rendered anew: cut after {Cut} ms, told after {Told} ms, going on after {Moved} ms")]
    public static partial void Revised(ILogger logger, long frame, int subgraphs, double cut, double told, double moved);

    [LoggerMessage(2007, LogLevel.Information, "No more is told of the meters of node {Node}: {Reason}")]
    public static partial void MetersEnded(ILogger logger, string node, string reason);

    [LoggerMessage(2008, LogLevel.Information, "{Retired} subgraphs have become {Successors}, placed by {Policy}")]
    public static partial void Replaced(ILogger logger, int retired, int successors, DistributionPolicy policy);

    [LoggerMessage(2009, LogLevel.Warning, "What node {Node} tells of its load is ignored as long as it cannot be: {Fault}")]
    public static partial void TelemetryAbsurd(ILogger logger, string node, string fault);

    [LoggerMessage(2015, LogLevel.Warning, "What {Path} says of costs cannot be used, so it is learnt anew; the file is called {Aside} from now on: {Fault}")]
    public static partial void CostsSetAside(ILogger logger, string path, string aside, string fault);

    [LoggerMessage(2016, LogLevel.Warning, "What was learnt of costs before cannot be read: {Reason}")]
    public static partial void CostsNotRead(ILogger logger, string reason);

    [LoggerMessage(2017, LogLevel.Warning, "What was learnt of costs cannot be written: {Reason}")]
    public static partial void CostsNotWritten(ILogger logger, string reason);

    [LoggerMessage(2018, LogLevel.Warning, "Channels {Channels} of {Nodes} were not heard from frame {Frame} on, for {Frames} frames")]
    public static partial void GapHeard(ILogger logger, string channels, string nodes, long frame, long frames);

    [LoggerMessage(2030, LogLevel.Information, "A client of this Pulse has gone: {Reason}")]
    public static partial void ClientEnded(ILogger logger, string reason);

    [LoggerMessage(2031, LogLevel.Warning, "A client was turned away: {Count} others are served")]
    public static partial void TooManyClients(ILogger logger, int count);

    [LoggerMessage(2040, LogLevel.Information, "Paired with {Node} ({Fingerprint}) at {EndPoint}")]
    public static partial void PeerPaired(ILogger logger, string node, NodeFingerprint fingerprint, Uri endPoint);

    [LoggerMessage(2041, LogLevel.Information, "Node {Node} ({Fingerprint}) at {EndPoint} is unknown and waits for acceptance")]
    public static partial void PeerPending(ILogger logger, string node, NodeFingerprint fingerprint, Uri endPoint);

    [LoggerMessage(2042, LogLevel.Information, "Peer at {EndPoint} was refused: {Reason}")]
    public static partial void PeerRefused(ILogger logger, Uri endPoint, string reason);

    [LoggerMessage(2043, LogLevel.Warning, "Peer at {EndPoint} has tried {Attempts} wrong join keys; no more are taken on its connection")]
    public static partial void PairingExhausted(ILogger logger, Uri endPoint, int attempts);

    [LoggerMessage(2044, LogLevel.Error, "{Reason} What was known before still goes")]
    public static partial void StoreUnreadable(ILogger logger, string reason);

    [LoggerMessage(2045, LogLevel.Warning, "Changes of {Path} are not announced by the system, only looked for: {Reason}")]
    public static partial void StoreNotWatched(ILogger logger, string path, string reason);

    [LoggerMessage(2046, LogLevel.Warning, "Peer at {EndPoint} was turned away: {Count} others have not said who they are")]
    public static partial void TooManyStrangers(ILogger logger, Uri endPoint, int count);

    [LoggerMessage(2400, LogLevel.Information, "Dialling {EndPoint} by {Transport}: {Choice} of {Transports}, in this order of preference")]
    public static partial void TransportChosen(ILogger logger, string transport, Uri endPoint, TransportChoice choice, string transports);

    [LoggerMessage(2401, LogLevel.Warning, "{EndPoint} does not answer, so {Next} is tried: {Reason}")]
    public static partial void TransportUnreachable(ILogger logger, Uri endPoint, Uri next, string reason);

    [LoggerMessage(2402, LogLevel.Information, "Nobody answers by {Choice}; asking at {EndPoint} whether the peer is there at all")]
    public static partial void TransportAsked(ILogger logger, Uri endPoint, TransportChoice choice);

    [LoggerMessage(2410, LogLevel.Information, "Nodes are looked for and told of on {Link}")]
    public static partial void LinkOpened(ILogger logger, string link);

    [LoggerMessage(2411, LogLevel.Warning, "Nodes can be neither looked for nor told of on {Link}: {Reason}")]
    public static partial void LinkRefused(ILogger logger, string link, string reason);

    [LoggerMessage(2412, LogLevel.Warning, "Nothing more is received on {Link}: {Reason}")]
    public static partial void LinkLost(ILogger logger, string link, string reason);

    [LoggerMessage(2413, LogLevel.Debug, "A message could not be sent on {Link}: {Reason}")]
    public static partial void LinkNotSending(ILogger logger, string link, string reason);

    [LoggerMessage(2414, LogLevel.Warning, "Another node on {Link} is called {Name}; this one is called {NewName} from now on")]
    public static partial void NameTaken(ILogger logger, string name, string link, string newName);
}
