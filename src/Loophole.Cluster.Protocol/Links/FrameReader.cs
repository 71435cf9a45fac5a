using System.Buffers;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Walks over received bytes, frame by frame, without copying them. What lies in one piece, and mostly all of it does, is walked over as such:
/// slicing a sequence twice a frame costs more than all the rest of parsing.</summary>
internal ref struct FrameReader(in ReadOnlySequence<byte> buffer)
{
    private readonly ReadOnlySequence<byte> _buffer = buffer;
    private readonly ReadOnlySpan<byte> _first = buffer.FirstSpan;
    private readonly bool _isOnePiece = buffer.IsSingleSegment;
    private readonly long _length = buffer.Length;
    private long _offset;

    /// <summary>Bytes not taken yet.</summary>
    public readonly long Remaining => _length - _offset;

    /// <summary>Up to where everything is taken.</summary>
    public readonly SequencePosition Position => _buffer.GetPosition(_offset);

    /// <summary>Reads the header of the next frame and leaves it where it is.</summary>
    /// <returns><see langword="false"/> when not all of it is there.</returns>
    public readonly bool TryPeek(out AudioFrameHeader header)
    {
        if (Remaining < AudioFrameHeader.Size)
        {
            header = default;
            return false;
        }

        header = _isOnePiece ? AudioFrameHeader.Read(_first[(int)_offset..]) : PeekAcross();
        return true;
    }

    /// <summary>Takes a block that is there as a whole.</summary>
    public AudioBlock TakeBlock(in AudioFrameHeader header)
    {
        var start = _offset + AudioFrameHeader.Size;
        Skip(header);
        var block = new AudioBlockHeader(header.StreamId, header.Epoch, header.Position, header.FrameCount, header.AudioChannels);
        return _isOnePiece ? new AudioBlock(block, _first.Slice((int)start, (int)header.PayloadLength)) : TakeAcross(block, start, header.PayloadLength);
    }

    /// <summary>Takes a frame that is there as a whole, whatever is in it.</summary>
    public void Skip(in AudioFrameHeader header) => _offset += AudioFrameHeader.Size + header.PayloadLength;

    // Neither is inlined, so that the usual way stays short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly AudioFrameHeader PeekAcross()
    {
        Span<byte> bytes = stackalloc byte[AudioFrameHeader.Size];
        _buffer.Slice(_offset, AudioFrameHeader.Size).CopyTo(bytes);
        return AudioFrameHeader.Read(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly AudioBlock TakeAcross(AudioBlockHeader block, long start, uint length) => new(block, _buffer.Slice(start, length));
}
