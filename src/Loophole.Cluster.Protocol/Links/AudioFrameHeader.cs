using System.Runtime.InteropServices;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>The 40 bytes before every payload on an audio link, as they lie there; <c>docs/wire-format.md</c> shows them one by one.</summary>
/// <remarks>In memory and on the wire the same, so that reading and writing are a copy. The machine must be little-endian, which the link checks.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal readonly record struct AudioFrameHeader
{
    public const int Size = 40;
    public const byte CurrentVersion = 1;
    public const ushort SilenceFlag = 1;
    public const int MaxFrames = 8192;
    public const int MaxChannels = 64;

    [field: FieldOffset(0)]
    public byte Version { get; init; }

    [field: FieldOffset(1)]
    public AudioFrameType Type { get; init; }

    [field: FieldOffset(2)]
    public ushort Flags { get; init; }

    [field: FieldOffset(4)]
    public int StreamId { get; init; }

    /// <summary>Render frame: of a block's first frame, or the limit of a credit or horizon.</summary>
    [field: FieldOffset(8)]
    public long Position { get; init; }

    [field: FieldOffset(16)]
    public int Epoch { get; init; }

    [field: FieldOffset(20)]
    public int FrameCount { get; init; }

    [field: FieldOffset(24)]
    public ushort AudioChannels { get; init; }

    /// <summary>Number of the block in its epoch, from 0; wraps.</summary>
    [field: FieldOffset(28)]
    public uint Sequence { get; init; }

    [field: FieldOffset(32)]
    public uint PayloadLength { get; init; }

    /// <summary>Bytes 26–27 and 36–39 together; zero in version 1.</summary>
    public ulong Reserved => ((ulong)ReservedAfterChannels << 32) | ReservedAtEnd;

    [field: FieldOffset(26)]
    private ushort ReservedAfterChannels { get; init; }

    [field: FieldOffset(36)]
    private uint ReservedAtEnd { get; init; }

    public bool IsSilent => Flags == SilenceFlag;

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public static AudioFrameHeader Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<AudioFrameHeader>(source);

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
