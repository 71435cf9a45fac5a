using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on.</summary>
internal class WrappedReceiver(IAudioLinkReceiver inner) : IAudioLinkReceiver
{
    public virtual void OnBlock(in AudioBlock block) => inner.OnBlock(block);

    public void OnCredit(int streamId, long limitFrame) => inner.OnCredit(streamId, limitFrame);

    public void OnHorizon(long horizonFrame) => inner.OnHorizon(horizonFrame);
}
