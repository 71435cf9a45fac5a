using Loophole.Cluster.Audio;
using Loophole.Engine.Rendering;

namespace Loophole.Engine.Tests.Rendering;

public sealed class InterleavingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Samples_go_to_their_channel_and_back_bit_by_bit(int channels)
    {
        for (var frames = 1; frames < 70; frames++)
        {
            // Bit patterns rather than numbers: NaN payloads must pass as well.
            var interleaved = Enumerable.Range(0, frames * channels).Select(i => BitConverter.Int32BitsToSingle((i * 0x01F35A71) ^ 0x7FC00000)).ToArray();
            var planar = new AudioBuffer(new float[channels * 80], channels, 80, frames);
            Interleaving.Split(interleaved, planar);
            for (var i = 0; i < interleaved.Length; i++)
            {
                Assert.Equal(Bits(interleaved[i]), Bits(planar.Channel(i % channels)[i / channels]));
            }

            var back = new float[interleaved.Length];
            Interleaving.Join(planar, back);
            Assert.Equal(interleaved.Select(Bits), back.Select(Bits));
        }
    }

    private static int Bits(float sample) => BitConverter.SingleToInt32Bits(sample);
}
