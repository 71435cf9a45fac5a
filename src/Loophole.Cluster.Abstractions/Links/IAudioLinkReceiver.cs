namespace Loophole.Cluster.Links;

/// <summary>Takes what arrives on a link. Called one at a time, from inside <see cref="IAudioLink.ReceiveAsync"/> (LINK-057).</summary>
/// <remarks>The members must not block and must not throw: a block that has no room is a broken promise of the grantor, not a reason to wait.</remarks>
public interface IAudioLinkReceiver
{
    /// <summary>A block of an open stream arrived: of its epoch, at the frame after the last one, within the credit granted. [receiver]</summary>
    /// <param name="block">Valid during the call; copy what is needed.</param>
    void OnBlock(in AudioBlock block);

    /// <summary>The peer can take frames of a stream this end sends, up to a limit. [receiver]</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="limitFrame">Frames before this one may be sent; never smaller than before in the same epoch.</param>
    void OnCredit(int streamId, long limitFrame);

    /// <summary>The peer granted a render horizon. [receiver]</summary>
    /// <param name="horizonFrame">Frames before this one may be rendered; never smaller than before.</param>
    void OnHorizon(long horizonFrame);
}
