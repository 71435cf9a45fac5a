using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The options as the parts of the transport use them, with the clock and the log.</summary>
internal sealed class TcpSettings
{
    private const int KeepAliveRetries = 5;

    // IPPROTO_TCP and TCP_USER_TIMEOUT of Linux.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    private readonly PipeOptions _small;
    private readonly PipeOptions _bulk;
    private readonly int _keepAliveSeconds;

    public TcpSettings(TcpTransportOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider)
    {
        if ((options.Credentials is null) != options.InsecureLoopback)
        {
            throw new ArgumentException(
                options.InsecureLoopback
                    ? "Credentials and InsecureLoopback are both set: leave InsecureLoopback out for TLS, or Credentials for plain TCP on this machine."
                    : "Set Credentials for TLS, or InsecureLoopback (--insecure-loopback) for plain TCP on this machine.",
                nameof(options));
        }

        Options = options;
        LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance;
        Time = timeProvider ?? TimeProvider.System;
        Logger = LoggerFactory.CreateLogger<TcpTransport>();
        _keepAliveSeconds = (int)options.KeepAliveTime.TotalSeconds;
        _small = NewPipeOptions(options, 4 * 1024);
        _bulk = NewPipeOptions(options, 64 * 1024);
    }

    public TcpTransportOptions Options { get; }

    public NodeCredentials? Credentials => Options.Credentials;

    public TransportSecurity Security => Credentials is null ? TransportSecurity.SameMachine : TransportSecurity.MutualTls;

    public ILoggerFactory LoggerFactory { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    /// <summary>Segments large enough that one block period of many streams is a few pieces, where bulk data runs.</summary>
    public SocketPipe NewPipe(ChannelPurpose purpose) =>
        new(purpose is ChannelPurpose.Audio or ChannelPurpose.State or ChannelPurpose.Media ? _bulk : _small);

    public void Configure(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, _keepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
    }

    /// <summary>Bounds how long written bytes may stay unacknowledged, where the system can be told: keep-alive does not ask while some are on the
    /// way. Of the control channel only, with which the connection ends: Linux counts a peer that lives but reads nothing as gone, too, and on
    /// any other channel that is back-pressure.</summary>
    public void ConfigureControl(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            MemoryMarshal.Write(milliseconds, (int)Options.UnacknowledgedTimeout.TotalMilliseconds);
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, milliseconds);
        }
    }

    private static PipeOptions NewPipeOptions(TcpTransportOptions options, int segmentSize) => new(
        options.Pool ?? MemoryPool<byte>.Shared,
        readerScheduler: PipeScheduler.ThreadPool,
        writerScheduler: PipeScheduler.ThreadPool,
        pauseWriterThreshold: options.PauseThreshold,
        resumeWriterThreshold: options.PauseThreshold / 2,
        minimumSegmentSize: segmentSize,
        useSynchronizationContext: false);
}
