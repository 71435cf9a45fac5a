using System.Buffers;
using System.Runtime.InteropServices;

namespace Loophole.Cluster.Links;

/// <summary>A received block, still in the link's own memory. Valid only during <see cref="IAudioLinkReceiver.OnBlock"/>.</summary>
public readonly ref struct AudioBlock
{
    private readonly ReadOnlySequence<byte> _payload;

    /// <summary>Makes a block.</summary>
    /// <param name="header">What is said of it.</param>
    /// <param name="payload">Interleaved little-endian 32-bit floats, frames × channels of them; empty for exact silence.</param>
    /// <exception cref="ArgumentException">The payload has another length.</exception>
    public AudioBlock(AudioBlockHeader header, ReadOnlySequence<byte> payload)
    {
        if (!payload.IsEmpty && payload.Length != (long)header.FrameCount * header.AudioChannels * sizeof(float))
        {
            throw new ArgumentException("The payload does not have the header's length.", nameof(payload));
        }

        Header = header;
        _payload = payload;
    }

    /// <summary>What is said of the block. [receiver]</summary>
    public AudioBlockHeader Header { get; }

    /// <summary>Whether every sample is exactly +0. [receiver]</summary>
    public bool IsSilent => _payload.IsEmpty;

    /// <summary>Samples in the block: frames × channels. [receiver]</summary>
    public int SampleCount => Header.FrameCount * Header.AudioChannels;

    /// <summary>Copies some of the samples, bit for bit. [receiver]</summary>
    /// <param name="firstSample">Index of the first sample to copy, interleaved.</param>
    /// <param name="destination">Filled whole; the caller's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the block.</exception>
    public void CopyTo(int firstSample, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstSample + destination.Length, SampleCount, nameof(destination));
        if (IsSilent)
        {
            destination.Clear();
        }
        else
        {
            _payload.Slice((long)firstSample * sizeof(float), (long)destination.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(destination));
        }
    }
}
