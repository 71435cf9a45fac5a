using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Loophole.Cluster.Links;

/// <summary>A received block, still in the link's own memory. Valid only during <see cref="IAudioLinkReceiver.OnBlock"/>.</summary>
public readonly ref struct AudioBlock
{
    private readonly ReadOnlySpan<byte> _whole;

    /// <summary>The payload, where it is not in one piece.</summary>
    private readonly ReadOnlySequence<byte> _pieces;

    /// <summary>Makes a block.</summary>
    /// <param name="header">What is said of it.</param>
    /// <param name="payload">Interleaved little-endian 32-bit floats, frames × channels of them; empty for exact silence.</param>
    /// <exception cref="ArgumentException">The payload has another length.</exception>
    public AudioBlock(AudioBlockHeader header, ReadOnlySpan<byte> payload)
    {
        ThrowIfOther(payload.Length, header);
        Header = header;
        IsSilent = payload.IsEmpty;
        _whole = payload;
    }

    /// <summary>Makes a block of a payload that may be in pieces.</summary>
    /// <param name="header">What is said of it.</param>
    /// <param name="payload">Interleaved little-endian 32-bit floats, frames × channels of them; empty for exact silence.</param>
    /// <exception cref="ArgumentException">The payload has another length.</exception>
    public AudioBlock(AudioBlockHeader header, ReadOnlySequence<byte> payload)
    {
        ThrowIfOther(payload.Length, header);
        Header = header;
        IsSilent = payload.IsEmpty;
        if (payload.IsSingleSegment)
        {
            _whole = payload.FirstSpan;
        }
        else
        {
            _pieces = payload;
        }
    }

    /// <summary>What is said of the block. [receiver]</summary>
    public AudioBlockHeader Header { get; }

    /// <summary>Whether every sample is exactly +0. [receiver]</summary>
    public bool IsSilent { get; }

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
        else if (_pieces.IsEmpty)
        {
            _whole.Slice(firstSample * sizeof(float), destination.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(destination));
        }
        else
        {
            CopyPieces(firstSample, destination);
        }
    }

    private static void ThrowIfOther(long payload, in AudioBlockHeader header)
    {
        if (payload != 0 && payload != (long)header.FrameCount * header.AudioChannels * sizeof(float))
        {
            throw new ArgumentException("The payload does not have the header's length.", nameof(payload));
        }
    }

    // Not inlined, so that the usual way stays short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CopyPieces(int firstSample, Span<float> destination) =>
        _pieces.Slice((long)firstSample * sizeof(float), (long)destination.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(destination));
}
