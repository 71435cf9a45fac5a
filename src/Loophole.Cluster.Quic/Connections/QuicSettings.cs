using System.Buffers;
using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>The options as the parts of the transport use them, with the clock and the log.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicSettings
{
    private const int ChannelsOfWindow = 16;

    public QuicSettings(QuicTransportOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider)
    {
        Options = options;
        LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance;
        Time = timeProvider ?? TimeProvider.System;
        Logger = LoggerFactory.CreateLogger<QuicTransport>();
        Pool = options.Pool ?? MemoryPool<byte>.Shared;
    }

    public QuicTransportOptions Options { get; }

    public ILoggerFactory LoggerFactory { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public MemoryPool<byte> Pool { get; }

    /// <summary>What goes over the second connection.</summary>
    public static bool IsBulk(ChannelPurpose purpose) => purpose is ChannelPurpose.State or ChannelPurpose.Media;

    public QuicClientConnectionOptions ClientOptions(IPEndPoint remote, PeerCertificateCheck check)
    {
        var options = new QuicClientConnectionOptions
        {
            RemoteEndPoint = remote,
            ClientAuthenticationOptions = Options.Credentials.ClientOptions(check),
        };
        return Complete(options, Options.ConnectTimeout);
    }

    public QuicServerConnectionOptions ServerOptions(PeerCertificateCheck check) =>
        Complete(new QuicServerConnectionOptions { ServerAuthenticationOptions = Options.Credentials.ServerOptions(check) }, Options.HelloTimeout);

    private T Complete<T>(T options, TimeSpan handshakeTimeout)
        where T : QuicConnectionOptions
    {
        options.HandshakeTimeout = handshakeTimeout;
        options.IdleTimeout = Options.IdleTimeout;
        options.KeepAliveInterval = Options.KeepAliveInterval;
        options.MaxInboundBidirectionalStreams = Options.MaxChannels;
        options.MaxInboundUnidirectionalStreams = 1;
        options.DefaultStreamErrorCode = (long)CloseCode.Done;
        options.DefaultCloseErrorCode = (long)CloseCode.Done;
        options.InitialReceiveWindowSizes = new QuicReceiveWindowSizes
        {
            Connection = Options.PauseThreshold * ChannelsOfWindow,
            LocallyInitiatedBidirectionalStream = Options.PauseThreshold,
            RemotelyInitiatedBidirectionalStream = Options.PauseThreshold,
        };
        return options;
    }
}
