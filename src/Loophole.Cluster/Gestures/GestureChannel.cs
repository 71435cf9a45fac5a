using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Gestures;

/// <summary>Reads and writes <see cref="GestureBundle"/>s. A bundle is: u32 length of the rest, u8 version, u8 kind, u16 number of values, u32 number, i64 known before; then each value: u32 stream,
/// i64 frame, i64 sequence, u32 ramp, f64 value.</summary>
internal sealed class GestureChannel(IClusterChannel channel) : IAsyncDisposable
{
    /// <summary>More values are sent as several bundles.</summary>
    public const int MaxValues = 500;

    private const byte Version = 1;
    private const byte ValuesKind = 1;
    private const int HeadLength = 16;
    private const int ValueLength = 32;

    /// <summary>Sends one. [one sender]</summary>
    /// <exception cref="TransportException">The channel is lost.</exception>
    public async ValueTask SendAsync(GestureBundle bundle, CancellationToken cancellationToken)
    {
        Write(channel.Output, bundle);
        await channel.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for one. [one receiver]</summary>
    /// <returns>The bundle, or <see langword="null"/> when the peer is done.</returns>
    /// <exception cref="TransportException">The bytes are none, or the channel is lost.</exception>
    public async ValueTask<GestureBundle?> ReceiveAsync(CancellationToken cancellationToken)
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

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    private static void Write(PipeWriter output, GestureBundle bundle)
    {
        var length = HeadLength + (ValueLength * bundle.Values.Length);
        var to = output.GetSpan(sizeof(uint) + length);
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)length);
        (to[4], to[5]) = (Version, ValuesKind);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)bundle.Values.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], bundle.Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], bundle.KnownBefore);
        for (var at = 0; at < bundle.Values.Length; at++)
        {
            var value = to.Slice(sizeof(uint) + HeadLength + (at * ValueLength), ValueLength);
            BinaryPrimitives.WriteInt32LittleEndian(value, bundle.Values[at].StreamId);
            BinaryPrimitives.WriteInt64LittleEndian(value[4..], bundle.Values[at].Frame);
            BinaryPrimitives.WriteInt64LittleEndian(value[12..], bundle.Values[at].Sequence);
            BinaryPrimitives.WriteInt32LittleEndian(value[20..], bundle.Values[at].RampFrames);
            BinaryPrimitives.WriteDoubleLittleEndian(value[24..], bundle.Values[at].Value);
        }

        output.Advance(sizeof(uint) + length);
    }

    private static bool TryRead(ref ReadOnlySequence<byte> buffer, out GestureBundle? bundle)
    {
        bundle = null;
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        if (buffer.Length < sizeof(uint))
        {
            return false;
        }

        buffer.Slice(0, sizeof(uint)).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is < HeadLength or > HeadLength + (MaxValues * ValueLength) || (length - HeadLength) % ValueLength != 0)
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

    private static GestureBundle Parse(ReadOnlySpan<byte> body)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        if (body[0] != Version || body[1] != ValuesKind || HeadLength + (count * ValueLength) != body.Length)
        {
            throw Malformed($"a bundle of version {body[0]}, kind {body[1]}, {count} values in {body.Length} bytes");
        }

        var values = ImmutableArray.CreateBuilder<GestureValue>(count);
        for (var at = HeadLength; at < body.Length; at += ValueLength)
        {
            var value = body.Slice(at, ValueLength);
            values.Add(new GestureValue(
                BinaryPrimitives.ReadInt32LittleEndian(value),
                BinaryPrimitives.ReadInt64LittleEndian(value[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(value[12..]),
                BinaryPrimitives.ReadInt32LittleEndian(value[20..]),
                BinaryPrimitives.ReadDoubleLittleEndian(value[24..])));
        }

        return new GestureBundle(BinaryPrimitives.ReadUInt32LittleEndian(body[4..]), BinaryPrimitives.ReadInt64LittleEndian(body[8..]), values.MoveToImmutable());
    }

    private static TransportException Malformed(string what) => new(TransportError.ProtocolViolation, $"The events channel carries {what}.");
}
