namespace Loophole.Cluster.Links;

/// <summary>Joins two Signals and carries many <see cref="AudioStream"/>s, both ways, with a credit per stream.</summary>
/// <remarks>
/// <para><b>Shape.</b> Samples are 32-bit floats, interleaved, unaltered in transit. Blocks of one stream and epoch are contiguous:
/// each starts where the one before it ended. Exact silence (every sample +0) travels as a flag. (LINK-001, LINK-002)</para>
/// <para><b>Lossless.</b> Every block sent arrives in order, or the link fails as a whole. (LINK-004, LINK-070 to LINK-072)</para>
/// <para><b>Credit.</b> A limit per stream, as an absolute render frame: idempotent, never shrinking within an epoch. A sender stays below it; a
/// receiver is entitled to drop the link when it does not. No window is shared between streams, so one stalled stream never stops another. (LINK-020 to LINK-025)</para>
/// <para><b>Flush.</b> What <see cref="TrySend"/>, <see cref="Grant"/> and <see cref="GrantHorizon"/> write leaves in one piece with the next <see cref="FlushAsync"/>. (LINK-010)</para>
/// <para><b>Ownership.</b> Every buffer belongs to the caller; the link copies during the call and keeps no reference. (LINK-009)</para>
/// <para><b>Threads.</b> <c>[sender]</c>: one call of that kind at a time. <c>[receiver]</c>: likewise; a send and a receive may overlap. <c>[any]</c>:
/// any thread, concurrently. Nothing here may be called on the audio thread. (LINK-056)</para>
/// <para><b>Errors.</b> A failed link throws <see cref="AudioLinkException"/> from then on. <see cref="OperationCanceledException"/>
/// means only that the caller's own token fired, and leaves the link usable. (FAULT-020 to FAULT-022)</para>
/// </remarks>
public interface IAudioLink : IAsyncDisposable
{
    /// <summary>Fires once, when the link has failed, was aborted or disposed. Callbacks run off the I/O path (LINK-085). [any]</summary>
    CancellationToken Closed { get; }

    /// <summary>Why the link failed, or <see langword="null"/> as long as it has not (LINK-084). [any]</summary>
    AudioLinkException? Failure { get; }

    /// <summary>Which way to receive: <see langword="true"/> when a thread in <see cref="Receive"/> waits at the network itself, so that no pool thread is woken for what
    /// arrives (LINK-059): give the link a thread, and never await, which may cost it this. <see langword="false"/> when another thread would have to wake that
    /// one: await <see cref="ReceiveAsync"/>. Both ways work on every link (LINK-055). Never changes, and never throws (LINK-058). [any]</summary>
    bool WaitsAtNetwork { get; }

    /// <summary>Makes a stream known to this end, or starts a new epoch of it (LINK-030 to LINK-035). The peer opens it too, with the other direction, before blocks flow. [any]</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="direction">Which way it runs, seen from here.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range, or the epoch is not larger than that of an earlier opening.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    void OpenStream(AudioStream stream, StreamDirection direction);

    /// <summary>Forgets a stream: blocks of it that still arrive are dropped. Nothing happens when it is not open. [any]</summary>
    /// <param name="streamId">The stream.</param>
    void CloseStream(int streamId);

    /// <summary>Writes one block, to leave with the next flush. [sender]</summary>
    /// <param name="streamId">A stream open for sending.</param>
    /// <param name="startFrame">The frame after the last one sent in this epoch.</param>
    /// <param name="samples">Interleaved; frames × channels of them, 1 to the stream's largest block.</param>
    /// <returns><see langword="false"/>, and nothing is written, when the block does not fit below the credit.</returns>
    /// <exception cref="ArgumentException">The length is not a whole number of frames, or too large.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="startFrame"/> is not the next frame.</exception>
    /// <exception cref="InvalidOperationException">The stream is not open for sending, or a flush is pending.</exception>
    /// <exception cref="AudioLinkException">The link has failed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples);

    /// <summary>Grants credit for a stream, to leave with the next flush. [sender]</summary>
    /// <param name="streamId">A stream open for receiving.</param>
    /// <param name="limitFrame">Frames before this one will be taken; a smaller limit than before is ignored.</param>
    /// <exception cref="InvalidOperationException">The stream is not open for receiving, or a flush is pending.</exception>
    /// <exception cref="AudioLinkException">The link has failed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    void Grant(int streamId, long limitFrame);

    /// <summary>Grants a render horizon, to leave with the next flush. [sender]</summary>
    /// <param name="horizonFrame">Frames before this one may be rendered; a smaller one than before is ignored.</param>
    /// <exception cref="InvalidOperationException">A flush is pending.</exception>
    /// <exception cref="AudioLinkException">The link has failed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    void GrantHorizon(long horizonFrame);

    /// <summary>Sends what was written, in one piece. Allocates nothing in steady state. [sender]</summary>
    /// <param name="cancellationToken">Stops the wait; what was written is still sent (LINK-060).</param>
    /// <returns>Completes when the transport has taken it, or has room again.</returns>
    /// <exception cref="AudioLinkException">The link has failed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until something has arrived and hands over all of it. For links that do not wait at the network (<see cref="WaitsAtNetwork"/>).
    /// Allocates nothing in steady state. [receiver]</summary>
    /// <param name="receiver">Called before the task completes.</param>
    /// <param name="cancellationToken">Stops the wait; nothing is lost (LINK-050).</param>
    /// <returns><see langword="false"/> once the peer has completed and everything was handed over.</returns>
    /// <exception cref="AudioLinkException">The link has failed; <see cref="AudioLinkError.ProtocolViolation"/> names the field that was wrong.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="ReceiveAsync"/>, waiting on the calling thread as the link's <see cref="WaitStrategy"/> says. For a thread of its own,
    /// and links that read the network right there (<see cref="WaitsAtNetwork"/>). Allocates nothing in steady state. [receiver]</summary>
    /// <param name="receiver">Called before the call returns.</param>
    /// <param name="cancellationToken">Stops the wait, 100 ms later at most; nothing is lost (LINK-053).</param>
    /// <returns><see langword="false"/> once the peer has completed and everything was handed over.</returns>
    /// <exception cref="AudioLinkException">The link has failed; <see cref="AudioLinkError.ProtocolViolation"/> names the field that was wrong.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default);

    /// <summary>Says that nothing more will be sent; flushes first (LINK-074). The peer still reads what was sent (LINK-070). [sender]</summary>
    /// <param name="cancellationToken">Stops the wait, not the completion.</param>
    /// <returns>Completes when the end was handed to the transport.</returns>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the link at once, both ways. Idempotent, never throws, never blocks (LINK-083). [any]</summary>
    /// <param name="reason">For this side's log; not sent to the peer.</param>
    void Abort(string reason);
}
