using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Meters;

/// <summary>Reads and writes <see cref="MeterBundle"/>s. A bundle is: u32 length of the rest, u8 version, u8 kind, u16 number of windows, u32 number, u32 dropped; then each window: i32 signal,
/// u16 node, u16 audio channels, i32 epoch, i64 start frame, and for each audio channel f32 peak, f32 RMS.</summary>
internal sealed class MeterChannel(IClusterChannel channel) : IAsyncDisposable
{
    /// <summary>Bytes after the length at the most; more windows are sent as several bundles.</summary>
    public const int MaxLength = 1 << 16;

    /// <summary>Bytes before the windows.</summary>
    public const int HeadLength = 12;

    private const byte Version = 1;
    private const byte WindowsKind = 1;
    private const int WindowHeadLength = 20;
    private const int ReadingLength = 2 * sizeof(float);
    private const int MaxAudioChannels = 64;

    /// <summary>Bytes of a window.</summary>
    public static int LengthOf(int audioChannels) => WindowHeadLength + (ReadingLength * audioChannels);

    /// <summary>Sends one. [one sender]</summary>
    /// <returns>Whether anybody may read what follows.</returns>
    /// <exception cref="TransportException">The channel is lost.</exception>
    public async ValueTask<bool> SendAsync(MeterBundle bundle, CancellationToken cancellationToken)
    {
        Write(channel.Output, bundle);
        return !(await channel.Output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
    }

    /// <summary>Waits for one. [one receiver]</summary>
    /// <returns>The bundle, or <see langword="null"/> when the peer is done.</returns>
    /// <exception cref="TransportException">The bytes are none, or the channel is lost.</exception>
    public async ValueTask<MeterBundle?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await channel.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (TryRead(ref buffer, out var bundle))
            {
                channel.Input.AdvanceTo(buffer.Start);
                return bundle;
            }

            channel.Input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw Malformed("an end in the middle of a bundle");
            }
        }
    }

    /// <summary>Ends the channel at once. [any]</summary>
    public void Abort(string reason) => channel.Abort(reason);

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    /// <summary>What is said of a channel that carries what it must not.</summary>
    public static TransportException Malformed(string what) => new(TransportError.ProtocolViolation, $"The meters channel carries {what}.");

    private static void Write(PipeWriter output, MeterBundle bundle)
    {
        var length = HeadLength + bundle.Windows.Sum(window => LengthOf(window.Readings.Length));
        var to = output.GetSpan(sizeof(uint) + length);
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)length);
        (to[4], to[5]) = (Version, WindowsKind);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)bundle.Windows.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], bundle.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], bundle.Dropped);
        to = to[(sizeof(uint) + HeadLength)..];
        foreach (var window in bundle.Windows)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, window.SignalId);
            BinaryPrimitives.WriteUInt16LittleEndian(to[4..], (ushort)window.Node);
            BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)window.Readings.Length);
            BinaryPrimitives.WriteInt32LittleEndian(to[8..], window.Epoch);
            BinaryPrimitives.WriteInt64LittleEndian(to[12..], window.StartFrame);
            to = to[WindowHeadLength..];
            foreach (var reading in window.Readings)
            {
                BinaryPrimitives.WriteSingleLittleEndian(to, reading.Peak);
                BinaryPrimitives.WriteSingleLittleEndian(to[sizeof(float)..], reading.Rms);
                to = to[ReadingLength..];
            }
        }

        output.Advance(sizeof(uint) + length);
    }

    private static bool TryRead(ref ReadOnlySequence<byte> buffer, out MeterBundle? bundle)
    {
        bundle = null;
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        if (buffer.Length < sizeof(uint))
        {
            return false;
        }

        buffer.Slice(0, sizeof(uint)).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is < HeadLength or > MaxLength)
        {
            throw Malformed($"a length of {length} bytes");
        }

        if (buffer.Length < sizeof(uint) + length)
        {
            return false;
        }

        bundle = Parse(buffer.Slice(sizeof(uint), length).ToArray());
        buffer = buffer.Slice(sizeof(uint) + length);
        return true;
    }

    private static MeterBundle Parse(ReadOnlySpan<byte> body)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        if (body[0] != Version || body[1] != WindowsKind || count == 0)
        {
            throw Malformed($"a bundle of version {body[0]}, kind {body[1]}, {count} windows");
        }

        var rest = body[HeadLength..];
        var windows = ImmutableArray.CreateBuilder<MeterWindow>();
        for (var at = 0; at < count; at++)
        {
            windows.Add(ParseWindow(ref rest));
        }

        return rest.IsEmpty
            ? new MeterBundle(BinaryPrimitives.ReadUInt32LittleEndian(body[4..]), BinaryPrimitives.ReadUInt32LittleEndian(body[8..]), windows.ToImmutable())
            : throw Malformed($"{rest.Length} bytes after {count} windows");
    }

    private static MeterWindow ParseWindow(ref ReadOnlySpan<byte> rest)
    {
        var audioChannels = rest.Length < WindowHeadLength ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        if (audioChannels is 0 or > MaxAudioChannels || rest.Length < LengthOf(audioChannels))
        {
            throw Malformed($"a window of {audioChannels} audio channels in {rest.Length} bytes");
        }

        var readings = ImmutableArray.CreateBuilder<MeterReading>(audioChannels);
        for (var channel = 0; channel < audioChannels; channel++)
        {
            var reading = rest.Slice(LengthOf(channel), ReadingLength);
            readings.Add(new MeterReading(BinaryPrimitives.ReadSingleLittleEndian(reading), BinaryPrimitives.ReadSingleLittleEndian(reading[sizeof(float)..])));
        }

        var window = new MeterWindow(
            BinaryPrimitives.ReadInt32LittleEndian(rest),
            BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(rest[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(rest[12..]),
            readings.MoveToImmutable());
        rest = rest[LengthOf(audioChannels)..];
        return window;
    }
}
