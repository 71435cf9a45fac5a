using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

/// <summary>Keeps all that arrives.</summary>
public sealed class Recorder : IAudioLinkReceiver
{
    public List<(AudioBlockHeader Header, bool IsSilent, float[] Samples)> Blocks { get; } = [];

    public List<(int StreamId, long LimitFrame)> Credits { get; } = [];

    public List<long> Horizons { get; } = [];

    public void OnBlock(in AudioBlock block)
    {
        var samples = new float[block.SampleCount];
        block.CopyTo(0, samples);
        Blocks.Add((block.Header, block.IsSilent, samples));
    }

    public void OnCredit(int streamId, long limitFrame) => Credits.Add((streamId, limitFrame));

    public void OnHorizon(long horizonFrame) => Horizons.Add(horizonFrame);
}
