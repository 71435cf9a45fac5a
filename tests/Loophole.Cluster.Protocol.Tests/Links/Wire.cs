using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

/// <summary>Bytes of an audio link, made and fed by hand.</summary>
internal static class Wire
{
    public static readonly AudioStream First = new(7, 3, 2, 4, 1000);
    public static readonly AudioStream Second = new(9, 0, 1, 8, 0);

    public static AudioFrameHeader Block(in AudioStream stream, long position, int frames, uint sequence = 0) => new()
    {
        Version = AudioFrameHeader.CurrentVersion,
        Type = AudioFrameType.Block,
        StreamId = stream.Id,
        Epoch = stream.Epoch,
        Position = position,
        FrameCount = frames,
        AudioChannels = (ushort)stream.AudioChannels,
        Sequence = sequence,
        PayloadLength = (uint)(frames * stream.AudioChannels * sizeof(float)),
    };

    public static AudioFrameHeader Other(AudioFrameType type, int streamId = 0, int epoch = 0, long position = 0) => new()
    {
        Version = AudioFrameHeader.CurrentVersion,
        Type = type,
        StreamId = streamId,
        Epoch = epoch,
        Position = position,
    };

    public static byte[] Bytes(in AudioFrameHeader header, params float[] samples)
    {
        var bytes = new byte[AudioFrameHeader.Size + (samples.Length * sizeof(float))];
        header.Write(bytes);
        MemoryMarshal.AsBytes<float>(samples).CopyTo(bytes.AsSpan(AudioFrameHeader.Size));
        return bytes;
    }

    /// <summary>A valid exchange as the receiving end sees it: two streams to it, one from it, a horizon, an end.</summary>
    public static byte[][] Exchange() =>
    [
        Bytes(Block(First, 1000, 2), 1, 2, 3, 4),
        Bytes(Other(AudioFrameType.Credit, 20, 0, 512)),
        Bytes(Block(Second, 0, 3), 5, 6, 7),
        Bytes(Other(AudioFrameType.Horizon, position: 4800)),
        Bytes(Block(First, 1002, 4, 1) with { PayloadLength = 0, Flags = AudioFrameHeader.SilenceFlag }),
        Bytes(Block(First, 1006, 4, 2), 1, 2, 3, 4, 5, 6, 7, 8),
        Bytes(Other(AudioFrameType.End)),
    ];

    public static PipeAudioLink NewLink(ReadOnlySequence<byte> input) => NewLinkOver(PipeReader.Create(input));

    public static PipeAudioLink NewLinkOver(PipeReader input)
    {
        var link = new PipeAudioLink(new Ends(input, PipeWriter.Create(Stream.Null)));
        link.OpenStream(First, StreamDirection.Receive);
        link.OpenStream(Second, StreamDirection.Receive);
        link.OpenStream(new AudioStream(20, 0, 1, 16, 0), StreamDirection.Send);
        link.Grant(First.Id, 1010);
        link.Grant(Second.Id, 100);
        return link;
    }

    public static ReadOnlySequence<byte> Cut(byte[] bytes, params int[] cuts)
    {
        var first = new Segment(bytes.AsMemory(0, cuts.Length == 0 ? bytes.Length : cuts[0]), null);
        var last = first;
        for (var i = 0; i < cuts.Length; i++)
        {
            last = new Segment(bytes.AsMemory(cuts[i]..(i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length)), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
