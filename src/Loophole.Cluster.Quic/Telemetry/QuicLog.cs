using System.Net;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Quic.Telemetry;

/// <summary>Every log event of this assembly. Identifiers 4000–4999 belong to it and are never reused.</summary>
internal static partial class QuicLog
{
    [LoggerMessage(4001, LogLevel.Warning, "A client at {Remote} was turned away: {Reason}")]
    public static partial void ClientTurnedAway(ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(4002, LogLevel.Warning, "A handshake at {Local} failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, Uri local, string reason);

    [LoggerMessage(4003, LogLevel.Error, "Accepting at {Local} failed and goes on")]
    public static partial void AcceptFailed(ILogger logger, Uri local, Exception exception);

    [LoggerMessage(4004, LogLevel.Warning, "A stream of {Remote} was turned away: {Reason}")]
    public static partial void StreamTurnedAway(ILogger logger, Uri remote, string reason);
}
