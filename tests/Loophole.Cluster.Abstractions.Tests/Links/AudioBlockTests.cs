using System.Buffers;
using System.Runtime.InteropServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Abstractions.Tests.Links;

public sealed class AudioBlockTests
{
    private const int Frames = 5;
    private const int Channels = 2;

    private static readonly AudioBlockHeader Header = new(StreamId: 7, Epoch: 1, StartFrame: 640, Frames, Channels);
    private static readonly float[] Samples = [.. Enumerable.Range(1, Frames * Channels).Select(at => at / 8f)];

    [Fact]
    public void Any_part_of_it_is_copied_whether_it_is_in_one_piece_or_in_several()
    {
        var bytes = MemoryMarshal.AsBytes(Samples.AsSpan()).ToArray();
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            for (var first = 0; first <= Samples.Length; first++)
            {
                for (var count = 0; count <= Samples.Length - first; count++)
                {
                    Assert.Equal(Samples[first..(first + count)], Copy(new AudioBlock(Header, bytes), first, count));
                    Assert.Equal(Samples[first..(first + count)], Copy(new AudioBlock(Header, Pieces(bytes, cut)), first, count));
                }
            }
        }
    }

    [Fact]
    public void Without_a_payload_it_is_silent()
    {
        Assert.True(new AudioBlock(Header, ReadOnlySpan<byte>.Empty).IsSilent);
        Assert.True(new AudioBlock(Header, ReadOnlySequence<byte>.Empty).IsSilent);
        Assert.Equal(new float[Samples.Length], Copy(new AudioBlock(Header, ReadOnlySequence<byte>.Empty), 0, Samples.Length));
        var zeros = new byte[Samples.Length * sizeof(float)];
        Assert.False(new AudioBlock(Header, zeros).IsSilent);
        Assert.False(new AudioBlock(Header, Pieces(zeros, 3)).IsSilent);
    }

    [Fact]
    public void A_payload_of_another_length_or_a_part_that_is_not_in_it_is_refused()
    {
        var bytes = new byte[(Samples.Length * sizeof(float)) + 1];
        Assert.Throws<ArgumentException>("payload", () => new AudioBlock(Header, bytes).IsSilent);
        Assert.Throws<ArgumentException>("payload", () => new AudioBlock(Header, bytes.AsSpan(2)).IsSilent);
        Assert.Throws<ArgumentException>("payload", () => new AudioBlock(Header, Pieces(bytes, 2)).IsSilent);
        Assert.Throws<ArgumentOutOfRangeException>(() => Copy(new AudioBlock(Header, bytes.AsSpan(1)), -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Copy(new AudioBlock(Header, bytes.AsSpan(1)), Samples.Length, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Copy(new AudioBlock(Header, ReadOnlySpan<byte>.Empty), 1, Samples.Length));
    }

    private static float[] Copy(in AudioBlock block, int first, int count)
    {
        var copied = new float[count];
        block.CopyTo(first, copied);
        return copied;
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int cut)
    {
        var first = new Piece(bytes.AsMemory(0, cut), null);
        var last = new Piece(bytes.AsMemory(cut), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
