using Loophole.Cluster.Links;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Transports;

/// <summary>One peer: a control channel, further channels, and audio links. Disposing closes all of them in good order (XPRT-040).</summary>
public interface IClusterConnection : IAsyncDisposable
{
    /// <summary>The peer's endpoint, for messages. [any]</summary>
    Uri RemoteEndPoint { get; }

    /// <summary>What the transport guarantees for this connection. [any]</summary>
    TransportSecurity Security { get; }

    /// <summary>Who the peer has proven to be; <see langword="null"/> unless <see cref="Security"/> is <see cref="TransportSecurity.MutualTls"/>.
    /// Every channel and link of the connection comes from the same peer (XPRT-003, XPRT-039). [any]</summary>
    NodeFingerprint? RemoteFingerprint { get; }

    /// <summary>The channel for envelopes, there from the start (XPRT-030). [any]</summary>
    IClusterChannel Control { get; }

    /// <summary>Fires once, when the connection is lost, aborted or disposed. Callbacks run off the I/O path (XPRT-043). [any]</summary>
    CancellationToken Closed { get; }

    /// <summary>Opens a channel; the peer's <see cref="AcceptChannelAsync"/> sees it at once (XPRT-034). [any]</summary>
    /// <param name="purpose">Anything but <see cref="ChannelPurpose.Control"/> and <see cref="ChannelPurpose.Audio"/>.</param>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing half open (XPRT-036).</param>
    /// <returns>The channel; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The purpose is control or audio.</exception>
    /// <exception cref="TransportException">The connection is lost or the peer refuses.</exception>
    ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default);

    /// <summary>Waits for a channel that the peer opens. [one caller]</summary>
    /// <param name="cancellationToken">Stops the wait; no channel is lost (XPRT-035).</param>
    /// <returns>The channel, the caller's to dispose; <see langword="null"/> once the connection is closed.</returns>
    ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens an audio link; the peer's <see cref="AcceptAudioLinkAsync"/> sees it at once. [any]</summary>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing half open.</param>
    /// <returns>The link; the caller disposes it.</returns>
    /// <exception cref="TransportException">The connection is lost or the peer refuses.</exception>
    ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits for an audio link that the peer opens. [one caller]</summary>
    /// <param name="cancellationToken">Stops the wait; no link is lost (XPRT-035).</param>
    /// <returns>The link, the caller's to dispose; <see langword="null"/> once the connection is closed.</returns>
    ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the connection with all its channels and links, at once. Idempotent, never throws, never blocks (XPRT-041, XPRT-042). [any]</summary>
    /// <param name="reason">For this side's log; not sent to the peer.</param>
    void Abort(string reason);
}
