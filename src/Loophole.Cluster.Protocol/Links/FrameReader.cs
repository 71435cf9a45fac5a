using System.Buffers;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Walks over received bytes, frame by frame, without copying them. What lies in one piece, and mostly all of it does, is walked over as such:
/// slicing a sequence twice a frame costs more than all the rest of parsing.</summary>
internal ref struct FrameReader(in ReadOnlySequence<byte> buffer)
{
    private readonly ReadOnlySequence<byte> _buffer = buffer;
    private readonly ReadOnlyMemory<byte> _first = buffer.First;
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
        header = default;
        if (Remaining < AudioFrameHeader.Size)
        {
            return false;
        }

        if (_isOnePiece)
        {
            header = AudioFrameHeader.Read(_first.Span[(int)_offset..]);
            return true;
        }

        Span<byte> bytes = stackalloc byte[AudioFrameHeader.Size];
        _buffer.Slice(_offset, AudioFrameHeader.Size).CopyTo(bytes);
        header = AudioFrameHeader.Read(bytes);
        return true;
    }

    /// <summary>Takes a frame that is there as a whole.</summary>
    /// <returns>Its payload.</returns>
    public ReadOnlySequence<byte> Take(uint payloadLength)
    {
        var start = _offset + AudioFrameHeader.Size;
        _offset = start + payloadLength;
        return _isOnePiece
            ? new ReadOnlySequence<byte>(_first.Slice((int)start, (int)payloadLength))
            : _buffer.Slice(start, payloadLength);
    }
}
