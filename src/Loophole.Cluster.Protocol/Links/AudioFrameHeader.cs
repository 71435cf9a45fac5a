using System.Buffers.Binary;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>The 40 bytes before every payload on an audio link; <c>docs/wire-format.md</c> shows them one by one.</summary>
internal readonly record struct AudioFrameHeader
{
    public const int Size = 40;
    public const byte CurrentVersion = 1;
    public const ushort SilenceFlag = 1;
    public const int MaxFrames = 8192;
    public const int MaxChannels = 64;

    public byte Version { get; init; }

    public AudioFrameType Type { get; init; }

    public ushort Flags { get; init; }

    public int StreamId { get; init; }

    /// <summary>Render frame: of a block's first frame, or the limit of a credit or horizon.</summary>
    public long Position { get; init; }

    public int Epoch { get; init; }

    public int FrameCount { get; init; }

    public ushort AudioChannels { get; init; }

    /// <summary>Number of the block in its epoch, from 0; wraps.</summary>
    public uint Sequence { get; init; }

    public uint PayloadLength { get; init; }

    /// <summary>Bytes 26–27 and 36–39 together; zero in version 1.</summary>
    public ulong Reserved { get; private init; }

    public bool IsSilent => Flags == SilenceFlag;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        destination[0] = Version;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], Flags);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Position);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], FrameCount);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[24..], AudioChannels);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[32..], PayloadLength);
    }

    public static AudioFrameHeader Read(ReadOnlySpan<byte> source) => new()
    {
        Version = source[0],
        Type = (AudioFrameType)source[1],
        Flags = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]),
        StreamId = BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
        Position = BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        Epoch = BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
        FrameCount = BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
        AudioChannels = BinaryPrimitives.ReadUInt16LittleEndian(source[24..]),
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[28..]),
        PayloadLength = BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
        Reserved = ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(source[26..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(source[36..]),
    };

    /// <summary>Checks what can be checked without knowing the streams.</summary>
    /// <returns>The field that is wrong and its value, or <see langword="null"/>.</returns>
    public string? FindViolation()
    {
        if (Version != CurrentVersion)
        {
            return Violation.Of("version is {0}", Version);
        }

        if (Reserved != 0)
        {
            return Violation.Of("reserved is {0}", (long)Reserved);
        }

        return Type switch
        {
            AudioFrameType.Block => FindBlockViolation(),
            AudioFrameType.Credit => FindUnused(usesStream: true) ?? FindNegative(),
            AudioFrameType.Horizon => FindUnused(usesStream: false) ?? FindNegative(),
            AudioFrameType.End => Position != 0 ? Violation.Of("position is {0} in an end frame", Position) : FindUnused(usesStream: false),
            _ => Violation.Of("type is {0}", (byte)Type),
        };
    }

    private string? FindBlockViolation()
    {
        if (Flags > SilenceFlag)
        {
            return Violation.Of("flags is {0}", Flags);
        }

        if (FrameCount is < 1 or > MaxFrames)
        {
            return Violation.Of("frames is {0}", FrameCount);
        }

        if (AudioChannels is < 1 or > MaxChannels)
        {
            return Violation.Of("channels is {0}", AudioChannels);
        }

        return PayloadLength != (IsSilent ? 0 : FrameCount * AudioChannels * sizeof(float)) ? Violation.Of("payload length is {0}", PayloadLength) : FindNegative();
    }

    private string? FindNegative() => Epoch < 0 ? Violation.Of("epoch is {0}", Epoch) : Position < 0 ? Violation.Of("position is {0}", Position) : null;

    private string? FindUnused(bool usesStream) =>
        Flags != 0 ? Violation.Of("flags is {0}", Flags) :
        FrameCount != 0 ? Violation.Of("frames is {0}", FrameCount) :
        AudioChannels != 0 ? Violation.Of("channels is {0}", AudioChannels) :
        Sequence != 0 ? Violation.Of("sequence is {0}", Sequence) :
        PayloadLength != 0 ? Violation.Of("payload length is {0}", PayloadLength) :
        usesStream ? null :
        StreamId != 0 ? Violation.Of("stream id is {0}", StreamId) :
        Epoch != 0 ? Violation.Of("epoch is {0}", Epoch) : null;
}
