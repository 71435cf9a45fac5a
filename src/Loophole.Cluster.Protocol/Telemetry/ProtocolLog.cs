using Loophole.Cluster.Control;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Protocol.Telemetry;

/// <summary>Every log event of this assembly. Identifiers 1000–1999 belong to it and are never reused.</summary>
internal static partial class ProtocolLog
{
    [LoggerMessage(1001, LogLevel.Warning, "Audio link failed: {Reason}")]
    public static partial void LinkFailed(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(1010, LogLevel.Warning, "Envelope refused: {Reason}")]
    public static partial void EnvelopeRefused(ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Error, "The handler of {Domain}.{Name} failed")]
    public static partial void HandlerFailed(ILogger logger, string domain, string name, Exception exception);

    [LoggerMessage(1012, LogLevel.Debug, "An answer to {CommandId} came too late or was never asked for")]
    public static partial void AnswerIgnored(ILogger logger, string? commandId);

    [LoggerMessage(1013, LogLevel.Warning, "{Kind} {Domain}.{Name} found the queue full")]
    public static partial void QueueFull(ILogger logger, EnvelopeKind kind, string domain, string name);

    [LoggerMessage(1014, LogLevel.Debug, "The answer to {Domain}.{Name} could not be sent")]
    public static partial void AnswerNotSent(ILogger logger, string domain, string name, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "A {Purpose} channel of {Remote} was refused: {Reason}")]
    public static partial void ChannelRefused(ILogger logger, ChannelPurpose purpose, Uri remote, string reason);

    [LoggerMessage(1021, LogLevel.Information, "Connection with {Remote} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, Uri remote, string reason);
}
