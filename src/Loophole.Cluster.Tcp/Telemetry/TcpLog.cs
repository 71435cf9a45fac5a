using System.Net;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
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

    [LoggerMessage(3004, LogLevel.Information, "Connected with {Remote}: {Security}, peer {Fingerprint}")]
    public static partial void Connected(ILogger logger, Uri remote, TransportSecurity security, string fingerprint);

    [LoggerMessage(3005, LogLevel.Debug, "{Remote} is tried again in {Pause}: {Reason}")]
    public static partial void TryingAgain(ILogger logger, Uri remote, TimeSpan pause, string reason);

    /// <summary>Enough of a fingerprint to tell nodes apart in a log.</summary>
    public static string Short(NodeFingerprint? fingerprint) => fingerprint is { } known ? known.Hex[..12] : "unknown";
}
