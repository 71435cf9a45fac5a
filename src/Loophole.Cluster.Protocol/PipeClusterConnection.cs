using System.Threading.Channels;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Telemetry;
using Loophole.Cluster.Protocol.Transports;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Protocol;

/// <summary>A connection of which the transport supplies channels only; audio links, queues and the end of it all are done here.</summary>
/// <remarks>Everything opened or accepted through the connection ends with it. Derived types call <see cref="TryAccept"/> for channels
/// that the peer opens, <see cref="OnPeerClosed"/> when the peer has closed in good order, and <see cref="OnLost"/> when it is lost.</remarks>
public abstract class PipeClusterConnection : IClusterConnection
{
    /// <summary>Channels, and likewise links, that may wait to be accepted.</summary>
    public const int MaxWaiting = 256;

    private readonly PipeClusterChannel _control;
    private readonly AudioLinkOptions? _linkOptions;
    private readonly ILoggerFactory _loggerFactory;
    private readonly ILogger _logger;
    private readonly ClosedSignal _closed = new();
    private readonly Lock _gate = new();
    private readonly HashSet<PipeClusterChannel> _channels = [];
    private readonly HashSet<PipeAudioLink> _links = [];
    private readonly Channel<IClusterChannel> _waitingChannels = NewQueue<IClusterChannel>();
    private readonly Channel<IAudioLink> _waitingLinks = NewQueue<IAudioLink>();
    private TransportException? _failure;
    private Task? _disposal;
    private bool _isClosed;

    /// <summary>Makes a connection.</summary>
    /// <param name="control">The control channel, the connection's from now on.</param>
    /// <param name="remoteEndPoint">The peer's endpoint, for messages.</param>
    /// <param name="security">What the transport guarantees.</param>
    /// <param name="remoteFingerprint">Who the peer has proven to be; <see langword="null"/> exactly when the security is not mutual TLS.</param>
    /// <param name="linkOptions">Settings of the audio links; <see langword="null"/> for the defaults.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    protected PipeClusterConnection(
        PipeClusterChannel control,
        Uri remoteEndPoint,
        TransportSecurity security,
        NodeFingerprint? remoteFingerprint = null,
        AudioLinkOptions? linkOptions = null,
        ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(remoteEndPoint);
        _control = control;
        RemoteEndPoint = remoteEndPoint;
        Security = security;
        RemoteFingerprint = (security == TransportSecurity.MutualTls) == (remoteFingerprint is not null)
            ? remoteFingerprint
            : throw new ArgumentException("A fingerprint and mutual TLS come together.", nameof(remoteFingerprint));
        _linkOptions = linkOptions;
        _loggerFactory = loggerFactory ?? NullLoggerFactory.Instance;
        _logger = _loggerFactory.CreateLogger<PipeClusterConnection>();
        _channels.Add(control);
        control.Closed.UnsafeRegister(static state => ((PipeClusterConnection)state!).OnControlClosed(), this);
    }

    /// <inheritdoc/>
    public Uri RemoteEndPoint { get; }

    /// <inheritdoc/>
    public TransportSecurity Security { get; }

    /// <inheritdoc/>
    public NodeFingerprint? RemoteFingerprint { get; }

    /// <inheritdoc/>
    public IClusterChannel Control => _control;

    /// <inheritdoc/>
    public CancellationToken Closed => _closed.Token;

    /// <inheritdoc/>
    public async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(purpose) || purpose is ChannelPurpose.Control or ChannelPurpose.Audio)
        {
            throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "A channel is opened for any purpose but control and audio.");
        }

        var channel = await OpenAnyAsync(purpose, cancellationToken).ConfigureAwait(false);
        return TryTrack(_channels, channel, channel.Closed) ? channel : throw await RefuseAsync(channel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default)
    {
        var channel = await OpenAnyAsync(ChannelPurpose.Audio, cancellationToken).ConfigureAwait(false);
        var link = new PipeAudioLink(channel, _linkOptions, _loggerFactory);
        return TryTrack(_links, link, link.Closed) ? link : throw await RefuseAsync(link).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) =>
        TakeAsync(_waitingChannels.Reader, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) =>
        TakeAsync(_waitingLinks.Reader, cancellationToken);

    /// <inheritdoc/>
    public void Abort(string reason)
    {
        if (Volatile.Read(ref _disposal) is null)
        {
            OnLost(new TransportException(TransportError.Aborted, $"This side aborted the connection with {RemoteEndPoint}: {reason}"));
        }
    }

    /// <summary>Completes all channels and links, then lets go of the network. Idempotent. [any]</summary>
    /// <returns>Completes when all are disposed.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var mine = new TaskCompletionSource();
        var first = Interlocked.CompareExchange(ref _disposal, mine.Task, null);
        return first is null ? EndInOrderAsync(mine) : new ValueTask(first);
    }

    /// <summary>Opens a channel to the peer, which queues it at once. [any]</summary>
    /// <param name="purpose">Anything but control.</param>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing half open.</param>
    /// <returns>The channel; owned by the caller.</returns>
    /// <exception cref="TransportException">The connection is lost or the peer refuses.</exception>
    protected abstract ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken);

    /// <summary>Takes a channel that the peer has opened. [any]</summary>
    /// <param name="channel">The channel; the connection's when taken, else still the caller's.</param>
    /// <returns><see langword="false"/> when the connection is closed, the purpose cannot be opened, or too many channels wait.</returns>
    protected bool TryAccept(PipeClusterChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (!Enum.IsDefined(channel.Purpose) || channel.Purpose == ChannelPurpose.Control)
        {
            return Refuse(channel, "its purpose");
        }

        lock (_gate)
        {
            // The link is made only when there is room: it would own the channel.
            if (_isClosed || (channel.Purpose == ChannelPurpose.Audio ? _waitingLinks.Reader.Count : _waitingChannels.Reader.Count) >= MaxWaiting)
            {
                return Refuse(channel, _isClosed ? "closed" : "too many wait");
            }

            if (channel.Purpose == ChannelPurpose.Audio)
            {
                var link = new PipeAudioLink(channel, _linkOptions, _loggerFactory);
                return TryTrack(_links, link, link.Closed) && _waitingLinks.Writer.TryWrite(link);
            }

            return TryTrack(_channels, channel, channel.Closed) && _waitingChannels.Writer.TryWrite(channel);
        }
    }

    /// <summary>Says that the peer has closed the connection in good order: nothing more is accepted or opened, but what is open may
    /// still be read to its end. Idempotent. [any]</summary>
    protected void OnPeerClosed() => Close("the peer closed it");

    /// <summary>Says that the connection is lost: every channel and link ends at once. Only the first cause counts. [any]</summary>
    /// <param name="cause">What opening, and every channel's reads and writes, throw from now on.</param>
    protected void OnLost(TransportException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (Interlocked.CompareExchange(ref _failure, cause, null) is not null)
        {
            return;
        }

        Close(cause.Message);
        var (channels, links) = TakeAll();
        foreach (var link in links)
        {
            link.FailWith(cause);
        }

        foreach (var channel in channels)
        {
            if (channel != _control)
            {
                channel.Fail(cause);
            }
        }

        // Control last: the peer answers its end by ending all others, which must have this side's cause by then.
        _control.Fail(cause);
        OnClosed();
    }

    /// <summary>Lets the transport free what it holds for the connection beside its channels. Called once or more. Must not throw or block. [any]</summary>
    protected virtual void OnClosed()
    {
    }

    private static Channel<T> NewQueue<T>() => Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = false });

    private static async ValueTask<T?> TakeAsync<T>(ChannelReader<T> queue, CancellationToken cancellationToken)
        where T : class
    {
        while (await queue.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (queue.TryRead(out var item))
            {
                return item;
            }
        }

        return null;
    }

    private async ValueTask<PipeClusterChannel> OpenAnyAsync(ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return await OpenPipeAsync(purpose, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfClosed()
    {
        if (Volatile.Read(ref _isClosed))
        {
            throw ClosedError();
        }
    }

    private TransportException ClosedError() => Volatile.Read(ref _failure)
        ?? (Volatile.Read(ref _disposal) is null
            ? new TransportException(TransportError.PeerReset, $"{RemoteEndPoint} has closed the connection.")
            : new TransportException(TransportError.Aborted, $"The connection with {RemoteEndPoint} is disposed."));

    private async ValueTask<TransportException> RefuseAsync(IAsyncDisposable late)
    {
        await late.DisposeAsync().ConfigureAwait(false);
        return ClosedError();
    }

    private bool Refuse(PipeClusterChannel channel, string reason)
    {
        ProtocolLog.ChannelRefused(_logger, channel.Purpose, RemoteEndPoint, reason);
        return false;
    }

    private bool TryTrack<T>(HashSet<T> open, T item, CancellationToken closed)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            open.Add(item);
        }

        closed.UnsafeRegister(
            _ =>
            {
                lock (_gate)
                {
                    open.Remove(item);
                }
            },
            null);
        return true;
    }

    private void OnControlClosed()
    {
        if (Volatile.Read(ref _disposal) is not null)
        {
            return;
        }

        if (_control.HasEndedInOrder)
        {
            Close("its control channel was disposed");
            OnClosed();
        }
        else
        {
            OnLost(_control.Failure!);
        }
    }

    private void Close(string reason)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        ProtocolLog.ConnectionEnded(_logger, RemoteEndPoint, reason);
        _waitingChannels.Writer.TryComplete();
        _waitingLinks.Writer.TryComplete();
        _closed.Fire();
    }

    private (PipeClusterChannel[] Channels, PipeAudioLink[] Links) TakeAll()
    {
        lock (_gate)
        {
            return ([.. _channels], [.. _links]);
        }
    }

    private async ValueTask EndInOrderAsync(TaskCompletionSource done)
    {
        try
        {
            Close("this side disposed it");
            var (channels, links) = TakeAll();

            // Control last: when the peer sees it end, the ends of all others are on their way.
            var ends = links.Select(l => l.DisposeAsync().AsTask())
                .Concat(channels.Where(c => c != _control).Select(c => c.DisposeAsync().AsTask()));
            await Task.WhenAll(ends).ConfigureAwait(false);
            await _control.DisposeAsync().ConfigureAwait(false);
            OnClosed();
        }
        finally
        {
            done.SetResult();
        }
    }
}
