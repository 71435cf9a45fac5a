using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>Keeps all that arrives.</summary>
internal sealed class BlockRecorder : IAudioLinkReceiver
{
    public List<ReceivedBlock> Blocks { get; } = [];

    public List<(int StreamId, long LimitFrame)> Credits { get; } = [];

    public List<long> Horizons { get; } = [];

    public void OnBlock(in AudioBlock block)
    {
        var samples = new float[block.SampleCount];
        block.CopyTo(0, samples);
        Blocks.Add(new ReceivedBlock(block.Header, block.IsSilent, samples));
    }

    public void OnCredit(int streamId, long limitFrame) => Credits.Add((streamId, limitFrame));

    public void OnHorizon(long horizonFrame) => Horizons.Add(horizonFrame);
}
