using System.Net;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Tcp.Telemetry;

/// <summary>Every log event of this assembly. Identifiers 3000–3999 belong to it and are never reused.</summary>
internal static partial class TcpLog
{
    [LoggerMessage(3001, LogLevel.Warning, "A client at {Remote} was turned away: {Reason}")]
    public static partial void ClientTurnedAway(ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(3002, LogLevel.Error, "Accepting at {Local} failed and goes on")]
    public static partial void AcceptFailed(ILogger logger, Uri local, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "{Remote} asked for a channel that could not be opened")]
    public static partial void BackRequestFailed(ILogger logger, Uri remote, Exception exception);
}
