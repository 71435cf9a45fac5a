using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>Delays an input of a sum by a whole number of frames.</summary>
/// <remarks>A locate does not clear it. Paths are aligned: what it still holds when the nodes before it start afresh belongs to output frames before the
/// locate, and the first sample of after it leaves the line exactly when the sum meets the locate itself.</remarks>
/// <param name="name">What messages call it.</param>
/// <param name="identity">Which part of a checkpoint is its own.</param>
/// <param name="delayFrames">1 or more.</param>
/// <param name="audioChannels">1 or more.</param>
internal sealed class DelayLine(string name, UInt128 identity, int delayFrames, int audioChannels) : ICheckpointed
{
    private readonly float[] _ring = new float[delayFrames * audioChannels];

    /// <summary>Where the oldest frame lies, which is also where the next one goes.</summary>
    private int _oldest;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public UInt128 Identity => identity;

    /// <summary>Delays a block.</summary>
    /// <param name="input">The next frames.</param>
    /// <param name="output">As many frames, those from before; other samples than the input's.</param>
    public void Process(AudioBuffer input, AudioBuffer output)
    {
        for (var channel = 0; channel < audioChannels; channel++)
        {
            var ring = _ring.AsSpan(channel * delayFrames, delayFrames);
            if (input.FrameCount < delayFrames)
            {
                Turn(ring, input.Channel(channel), output.Channel(channel));
            }
            else
            {
                Refill(ring, input.Channel(channel), output.Channel(channel));
            }
        }

        _oldest = input.FrameCount < delayFrames ? (_oldest + input.FrameCount) % delayFrames : 0;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(_ring);
        _oldest = 0;
    }

    /// <summary>Writes every channel's frames, oldest first, so that the bytes do not depend on how blocks were divided.</summary>
    public void Save(IBufferWriter<byte> destination)
    {
        for (var channel = 0; channel < audioChannels; channel++)
        {
            var ring = _ring.AsSpan(channel * delayFrames, delayFrames);
            Write(destination, ring[_oldest..]);
            Write(destination, ring[.._oldest]);
        }
    }

    /// <inheritdoc/>
    public void Restore(ReadOnlySpan<byte> state)
    {
        if (state.Length != _ring.Length * sizeof(float))
        {
            throw new RenderException(RenderError.BadCheckpoint, $"{name} holds {_ring.Length * sizeof(float)} bytes, not {state.Length}.");
        }

        state.CopyTo(MemoryMarshal.AsBytes(_ring.AsSpan()));
        ToOrFromLittleEndian(MemoryMarshal.AsBytes(_ring.AsSpan()));
        _oldest = 0;
    }

    private static void Write(IBufferWriter<byte> destination, Span<float> samples)
    {
        var bytes = destination.GetSpan(samples.Length * sizeof(float))[..(samples.Length * sizeof(float))];
        MemoryMarshal.AsBytes(samples).CopyTo(bytes);
        ToOrFromLittleEndian(bytes);
        destination.Advance(bytes.Length);
    }

    private static void ToOrFromLittleEndian(Span<byte> samples)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, int>(samples);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    /// <summary>A block shorter than the delay: every frame out comes from the ring.</summary>
    private void Turn(Span<float> ring, ReadOnlySpan<float> input, Span<float> output)
    {
        var beforeEnd = Math.Min(input.Length, ring.Length - _oldest);
        ring.Slice(_oldest, beforeEnd).CopyTo(output);
        input[..beforeEnd].CopyTo(ring[_oldest..]);
        ring[..(input.Length - beforeEnd)].CopyTo(output[beforeEnd..]);
        input[beforeEnd..].CopyTo(ring);
    }

    /// <summary>A block at least as long as the delay: the whole ring leaves, and the block's end replaces it.</summary>
    private void Refill(Span<float> ring, ReadOnlySpan<float> input, Span<float> output)
    {
        ring[_oldest..].CopyTo(output);
        ring[.._oldest].CopyTo(output[(ring.Length - _oldest)..]);
        input[..^ring.Length].CopyTo(output[ring.Length..]);
        input[^ring.Length..].CopyTo(ring);
    }
}
