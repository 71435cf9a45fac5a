using Loophole.Cluster.Rendering;

namespace Loophole.Devices.Wav;

/// <summary>What a device plays into a file: the audio thread puts blocks down, the disk thread writes.</summary>
/// <param name="sink">The file; owned.</param>
/// <param name="channels">Audio channels, 1 or more.</param>
/// <param name="blockFrames">Frames of a block.</param>
/// <param name="blocks">How many blocks may wait for the disk.</param>
internal sealed class WavOutput(IRenderSink sink, int channels, int blockFrames, int blocks) : IDisposable
{
    private readonly BlockRing _ring = new(blocks, channels * blockFrames);
    private readonly float[] _interleaved = new float[channels * blockFrames];

    /// <summary>Whether another block can be put down. [audio thread]</summary>
    public bool HasRoom => _ring.HasRoom;

    /// <summary>Where one channel of the next block is put. While <see cref="HasRoom"/>. [audio thread]</summary>
    public Span<float> Channel(int channel) => _ring.Next.Slice(channel * blockFrames, blockFrames);

    /// <summary>The next block is put down. [audio thread]</summary>
    public void Advance() => _ring.Publish();

    /// <summary>Writes what is there. [disk thread]</summary>
    /// <param name="onBlock">Called after each block.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Write(Action onBlock)
    {
        while (_ring.HasBlock)
        {
            var block = _ring.Oldest;
            for (var channel = 0; channel < channels; channel++)
            {
                var samples = block.Slice(channel * blockFrames, blockFrames);
                for (var frame = 0; frame < samples.Length; frame++)
                {
                    _interleaved[(frame * channels) + channel] = samples[frame];
                }
            }

            sink.Write(_interleaved);
            _ring.Release();
            onBlock();
        }
    }

    /// <summary>Gives the file its name. After the last <see cref="Write"/>. [disk thread]</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Complete() => sink.Complete();

    /// <summary>Closes the file, which disappears unless it is complete. [once the disk thread has ended]</summary>
    public void Dispose() => sink.Dispose();
}
