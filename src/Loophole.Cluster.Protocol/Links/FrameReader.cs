using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Walks over received bytes, frame by frame, without copying them. What lies in one piece, and mostly all of it does, is walked over as such:
/// slicing a sequence twice a frame costs more than all the rest of parsing.</summary>
internal ref struct FrameReader
{
    private readonly ReadOnlySpan<byte> _first;
    private readonly ReadOnlySequence<byte> _pieces;
    private readonly long _length;

    public FrameReader(ReadOnlySpan<byte> bytes, bool isCompleted)
    {
        _first = bytes;
        _length = bytes.Length;
        IsCompleted = isCompleted;
    }

    public FrameReader(scoped in ReadResult result)
    {
        _pieces = result.Buffer;
        _first = _pieces.FirstSpan;
        _length = _pieces.Length;
        IsCompleted = result.IsCompleted;
    }

    /// <summary>Whether nothing comes after this.</summary>
    public bool IsCompleted { get; }

    /// <summary>Bytes taken.</summary>
    public long Taken { get; private set; }

    /// <summary>Bytes not taken yet.</summary>
    public readonly long Remaining => _length - Taken;

    /// <summary>Up to where everything is taken, of what a pipe gave.</summary>
    public readonly SequencePosition Position => _pieces.GetPosition(Taken);

    /// <summary>Where what a pipe gave ends.</summary>
    public readonly SequencePosition End => _pieces.End;

    private readonly bool IsOnePiece => _first.Length == _length;

    /// <summary>Reads the header of the next frame and leaves it where it is.</summary>
    /// <returns><see langword="false"/> when not all of it is there.</returns>
    public readonly bool TryPeek(out AudioFrameHeader header)
    {
        if (Remaining < AudioFrameHeader.Size)
        {
            header = default;
            return false;
        }

        header = IsOnePiece ? AudioFrameHeader.Read(_first[(int)Taken..]) : PeekAcross();
        return true;
    }

    /// <summary>Takes a block that is there as a whole.</summary>
    public AudioBlock TakeBlock(in AudioFrameHeader header)
    {
        var start = Taken + AudioFrameHeader.Size;
        Skip(header);
        var block = new AudioBlockHeader(header.StreamId, header.Epoch, header.Position, header.FrameCount, header.AudioChannels);
        return IsOnePiece ? new AudioBlock(block, _first.Slice((int)start, (int)header.PayloadLength)) : TakeAcross(block, start, header.PayloadLength);
    }

    /// <summary>Takes a frame that is there as a whole, whatever is in it.</summary>
    public void Skip(in AudioFrameHeader header) => Taken += AudioFrameHeader.Size + header.PayloadLength;

    // Neither is inlined, so that the usual way stays short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly AudioFrameHeader PeekAcross()
    {
        Span<byte> bytes = stackalloc byte[AudioFrameHeader.Size];
        _pieces.Slice(Taken, AudioFrameHeader.Size).CopyTo(bytes);
        return AudioFrameHeader.Read(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly AudioBlock TakeAcross(AudioBlockHeader block, long start, uint length) => new(block, _pieces.Slice(start, length));
}
