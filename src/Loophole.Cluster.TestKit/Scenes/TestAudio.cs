using System.Runtime.InteropServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>The streams and samples that cases use.</summary>
internal static class TestAudio
{
    public static readonly AudioStream Stereo = new(Id: 7, Epoch: 0, AudioChannels: 2, MaxFramesPerBlock: 256, StartFrame: 1000);

    /// <summary>A stream for much traffic: blocks of 64 KiB from frame 0.</summary>
    public static readonly AudioStream Wide = new(Id: 7, Epoch: 0, AudioChannels: 2, MaxFramesPerBlock: 8192, StartFrame: 0);

    /// <summary>Samples that differ from place to place, none of them 0.</summary>
    public static float[] Noise(int samples)
    {
        var noise = new float[samples];
        for (var i = 0; i < samples; i++)
        {
            noise[i] = (i + 1) / 65536f;
        }

        return noise;
    }

    /// <summary>The samples' bits, to compare what floats compare wrongly.</summary>
    public static int[] Bits(ReadOnlySpan<float> samples) => MemoryMarshal.Cast<float, int>(samples).ToArray();
}
