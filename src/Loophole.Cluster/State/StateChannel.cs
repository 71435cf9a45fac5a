using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.State;

/// <summary>Reads and writes <see cref="StateMessage"/>s. A message is: u32 length of the rest, u16 length of the id, the id (UTF-8), i32 epoch, i64 position, the checkpoint.</summary>
internal sealed class StateChannel(IClusterChannel channel) : IAsyncDisposable
{
    /// <summary>A larger message ends the channel.</summary>
    public const int MaxLength = 256 << 20;

    private const int FixedLength = sizeof(ushort) + sizeof(int) + sizeof(long);
    private const int MaxIdLength = 256;

    private readonly ArrayBufferWriter<byte> _message = new(4096);

    /// <summary>Fires when the channel is lost or disposed. [any]</summary>
    public CancellationToken Closed => channel.Closed;

    /// <summary>Sends one message. [one sender]</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(StateMessage message, CancellationToken cancellationToken)
    {
        WriteHead(channel.Output, message);
        await channel.Output.WriteAsync(message.Checkpoint, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for one message. [one receiver]</summary>
    /// <returns>The message, or <see langword="null"/> when the peer is done.</returns>
    /// <exception cref="TransportException">The bytes are not a message, or the channel is lost.</exception>
    public async ValueTask<StateMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        var wanted = sizeof(uint);
        var hasLength = false;
        while (!hasLength || _message.WrittenCount < wanted)
        {
            var read = await channel.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            // Copied as it comes: memory grows with what arrived, not with what the length promises.
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, wanted - _message.WrittenCount));
            foreach (var piece in taken)
            {
                _message.Write(piece.Span);
            }

            channel.Input.AdvanceTo(taken.End);
            if (!hasLength && _message.WrittenCount == wanted)
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(_message.WrittenSpan);
                if (length is < FixedLength or > MaxLength)
                {
                    throw Malformed($"a length of {length} bytes");
                }

                (hasLength, wanted) = (true, sizeof(uint) + (int)length);
            }
            else if (read.IsCompleted && _message.WrittenCount < wanted)
            {
                return _message.WrittenCount == 0 ? null : throw Malformed("an end in the middle of a message");
            }
        }

        return Parse(_message.WrittenMemory[sizeof(uint)..]);
    }

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    private static void WriteHead(PipeWriter output, StateMessage message)
    {
        var idLength = Encoding.UTF8.GetByteCount(message.SubgraphId);
        var head = output.GetSpan(sizeof(uint) + FixedLength + idLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)(FixedLength + idLength + message.Checkpoint.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], (ushort)idLength);
        Encoding.UTF8.GetBytes(message.SubgraphId, head[6..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[(6 + idLength)..], message.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(head[(10 + idLength)..], message.Position);
        output.Advance(sizeof(uint) + FixedLength + idLength);
    }

    private static StateMessage Parse(ReadOnlyMemory<byte> body)
    {
        var idLength = BinaryPrimitives.ReadUInt16LittleEndian(body.Span);
        if (idLength > MaxIdLength || FixedLength + idLength > body.Length)
        {
            throw Malformed($"an id of {idLength} bytes");
        }

        var id = Encoding.UTF8.GetString(body.Span.Slice(2, idLength));
        var rest = body.Span[(2 + idLength)..];
        return new StateMessage(id, BinaryPrimitives.ReadInt32LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[4..]), body[(FixedLength + idLength)..]);
    }

    private static TransportException Malformed(string what) => new(TransportError.ProtocolViolation, $"The state channel carries {what}.");
}
