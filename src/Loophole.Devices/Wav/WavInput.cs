using Loophole.Cluster.Audio;
using Loophole.Cluster.Media;

namespace Loophole.Devices.Wav;

/// <summary>What a device records out of a file: the disk thread reads ahead, the audio thread takes.</summary>
internal sealed class WavInput : IDisposable
{
    private readonly ISampleSource _source;
    private readonly int _blockFrames;
    private readonly int _channels;
    private readonly BlockRing _ring;
    private readonly float[] _decoded;
    private long _readFrame;
    private long _blocksLeft;

    /// <param name="source">The file, from its first frame on; owned.</param>
    /// <param name="channels">The most channels that are taken, 1 or more.</param>
    /// <param name="blockFrames">Frames of a block.</param>
    /// <param name="blocks">How many blocks are read ahead.</param>
    public WavInput(ISampleSource source, int channels, int blockFrames, int blocks)
    {
        (_source, _blockFrames) = (source, blockFrames);
        _channels = Math.Min(channels, source.Info.AudioChannels);
        _ring = new BlockRing(blocks, _channels * blockFrames);
        _decoded = new float[source.Info.AudioChannels * blockFrames];
        _blocksLeft = (source.Info.FrameCount + blockFrames - 1) / blockFrames;
    }

    /// <summary>Whether the next block is there; what comes after the file always is. [audio thread]</summary>
    public bool IsReady => _blocksLeft == 0 || _ring.HasBlock;

    /// <summary>One channel of the next block. While <see cref="IsReady"/>. [audio thread]</summary>
    /// <returns>Empty for one that the file has not, and behind its end.</returns>
    public ReadOnlySpan<float> Channel(int channel) =>
        _blocksLeft == 0 || channel >= _channels ? default : _ring.Oldest.Slice(channel * _blockFrames, _blockFrames);

    /// <summary>Goes on to the block after the next. [audio thread]</summary>
    public void Advance()
    {
        if (_blocksLeft > 0)
        {
            _ring.Release();
            _blocksLeft--;
        }
    }

    /// <summary>Reads as much as has room. [disk thread]</summary>
    /// <param name="onBlock">Called after each block.</param>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    public void ReadAhead(Action onBlock)
    {
        while (_readFrame < _source.Info.FrameCount && _ring.HasRoom)
        {
            var frames = (int)Math.Min(_blockFrames, _source.Info.FrameCount - _readFrame);
            _source.Read(_readFrame, new AudioBuffer(_decoded, _source.Info.AudioChannels, _blockFrames, frames));
            for (var channel = 0; channel < _channels; channel++)
            {
                var block = _ring.Next.Slice(channel * _blockFrames, _blockFrames);
                _decoded.AsSpan(channel * _blockFrames, frames).CopyTo(block);
                block[frames..].Clear();
            }

            _readFrame += frames;
            _ring.Publish();
            onBlock();
        }
    }

    /// <summary>Closes the file. [disk thread, or once it has ended]</summary>
    public void Dispose() => _source.Dispose();
}
