using System.Buffers.Binary;
using Loophole.Cluster.Media;

namespace Loophole.Engine.Media;

/// <summary>Finds format and samples in a WAV file: RIFF (Multimedia Programming Interface and Data Specifications 1.0), RF64 (EBU Tech 3306), BW64 (ITU-R BS.2088).</summary>
/// <remarks>The file is not trusted: nothing is allocated by its numbers, and the number of chunks walked is limited.</remarks>
internal sealed class WavHeaderReader
{
    private const int MostChunks = 4096;
    private const uint SizeElsewhere = uint.MaxValue;

    private readonly IMediaContent _content;
    private readonly WavFaults _faults;
    private bool _is64;
    private long _riffEnd;
    private ulong? _dataBytes64;
    private WavFormatChunk? _format;
    private long _dataStart = -1;
    private long _dataBytes;

    private WavHeaderReader(IMediaContent content, string name)
    {
        _content = content;
        _faults = new WavFaults(name);
    }

    /// <summary>Reads the header.</summary>
    /// <param name="content">An open asset.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MediaException"><see cref="MediaError.Corrupt"/> or <see cref="MediaError.Unsupported"/>, with the field.</exception>
    public static WavHeader Read(IMediaContent content, string name) => new WavHeaderReader(content, name).Read();

    private WavHeader Read()
    {
        ReadForm();
        var position = 12L;
        for (var chunks = 0; _format is null || _dataStart < 0; chunks++)
        {
            if (chunks == MostChunks)
            {
                throw _faults.Corrupt($"has no {Missing} chunk among its first {MostChunks}");
            }

            position = ReadChunk(position);
        }

        var format = _format.Value;
        var header = new WavHeader(format.Format, format.SampleRate, format.AudioChannels, _dataStart, 0);
        return header with { FrameCount = _dataBytes / header.BytesPerFrame };
    }

    private string Missing => _format is null ? "fmt" : "data";

    private void ReadForm()
    {
        Span<byte> form = stackalloc byte[12];
        if (_content.Read(0, form) < form.Length)
        {
            throw _faults.Corrupt($"has {_content.Length} bytes, too few for a WAV file");
        }

        _is64 = form[..4].SequenceEqual("RF64"u8) || form[..4].SequenceEqual("BW64"u8);
        if (!_is64 && !form[..4].SequenceEqual("RIFF"u8))
        {
            throw _faults.Unsupported(form[..4].SequenceEqual("RIFX"u8) ? "is a big-endian WAV file (RIFX)" : "is not a WAV file: it starts with neither RIFF, RF64 nor BW64");
        }

        if (!form[8..].SequenceEqual("WAVE"u8))
        {
            throw _faults.Unsupported("is a RIFF file, but not of the form WAVE");
        }

        _riffEnd = 8L + BinaryPrimitives.ReadUInt32LittleEndian(form[4..]);
    }

    private long ReadChunk(long position)
    {
        Span<byte> head = stackalloc byte[8];
        if (position > _content.Length - head.Length || _content.Read(position, head) < head.Length)
        {
            throw _faults.Corrupt($"has no {Missing} chunk");
        }

        var start = position + head.Length;
        var left = _content.Length - start;
        var said = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (head[..4].SequenceEqual("data"u8) && _dataStart < 0)
        {
            _dataStart = start;
            _dataBytes = DataBytes(start, left, said);
            return Next(start, _dataBytes);
        }

        if (said > left)
        {
            throw _faults.Corrupt($"the {Printable(head[..4])} chunk says {said} bytes where {left} are left");
        }

        if (head[..4].SequenceEqual("fmt "u8) && _format is null)
        {
            Span<byte> body = stackalloc byte[WavFormatChunk.MaxBytes];
            body = body[..(int)Math.Min(said, body.Length)];
            _format = WavFormatChunk.Read(body[.._content.Read(start, body)], _faults);
        }
        else if (head[..4].SequenceEqual("ds64"u8) && _dataBytes64 is null)
        {
            Span<byte> body = stackalloc byte[16];
            _dataBytes64 = said >= body.Length && _content.Read(start, body) == body.Length
                ? BinaryPrimitives.ReadUInt64LittleEndian(body[8..])
                : throw _faults.Corrupt($"the ds64 chunk has {said} bytes, too few");
        }

        return Next(start, said);
    }

    /// <summary>How many bytes of samples there really are. A writer that cannot seek leaves a mark where the size belongs: then they reach to the end of the file.</summary>
    private long DataBytes(long start, long left, uint said)
    {
        ulong bytes = said;
        if (said == SizeElsewhere && _is64)
        {
            bytes = _dataBytes64 ?? throw _faults.Corrupt("has no ds64 chunk before the data chunk");
            if (bytes is 0 or ulong.MaxValue)
            {
                return left;
            }
        }
        else if (IsUnknown(said) && (ulong)left < said)
        {
            return left;
        }
        else if (said == 0 && (_riffEnd <= start || _riffEnd > _content.Length))
        {
            return left;
        }

        return bytes <= (ulong)left ? (long)bytes : throw _faults.Corrupt($"the data chunk says {bytes} bytes where {left} are left");
    }

    /// <summary>Sizes written for "not known yet": all ones, or about 2 GiB (SoX writes 0x7FFFF000, arecord 2^31).</summary>
    private static bool IsUnknown(uint said) => said is >= 0xFFFF_0000 or (>= 0x7FFF_0000 and <= 0x8000_0100);

    private static long Next(long start, long size) => start + size + (size & 1);

    private static string Printable(ReadOnlySpan<byte> tag)
    {
        Span<char> text = stackalloc char[tag.Length];
        for (var index = 0; index < tag.Length; index++)
        {
            text[index] = tag[index] is >= 0x20 and < 0x7F ? (char)tag[index] : '?';
        }

        return text.Trim().ToString();
    }
}
