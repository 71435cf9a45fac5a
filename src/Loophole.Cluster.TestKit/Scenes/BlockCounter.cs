using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>Counts the blocks and keeps none.</summary>
internal sealed class BlockCounter : IAudioLinkReceiver
{
    public int Blocks { get; private set; }

    public void OnBlock(in AudioBlock block) => Blocks++;

    public void OnCredit(int streamId, long limitFrame)
    {
    }

    public void OnHorizon(long horizonFrame)
    {
    }
}
