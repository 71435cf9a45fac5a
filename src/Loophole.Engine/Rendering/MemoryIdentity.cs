using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;

namespace Loophole.Engine.Rendering;

/// <summary>Tells what remembers audio apart, by all that decides the layout and meaning of its part of a checkpoint; the first 16 bytes of a SHA-256.</summary>
/// <remarks>In it: rate, width, and of a node its id, kind, latency and fixed parameters; of an edge delay its sum, its place in that, what it delays and by how much. Not in it: the
/// subgraph, so that a plan may be cut anew; block size, other parameters, automation and clips, so that a checkpoint from before an edit of those stays usable.</remarks>
internal static class MemoryIdentity
{
    /// <summary>That of a node's processor.</summary>
    /// <param name="sampleRate">Frames per second.</param>
    /// <param name="audioChannels">Width of the node's Channel.</param>
    /// <param name="node">The node.</param>
    public static UInt128 Of(int sampleRate, int audioChannels, RenderNode node)
    {
        var bytes = Begin("node", sampleRate, audioChannels);
        Write(bytes, node.Node.Id);
        Write(bytes, node.Node is ProcessorNode { Processor: var kind } ? kind : node.Node.GetType().Name);
        Write(bytes, node.UpstreamLatencyFrames);
        foreach (var parameter in node.Parameters)
        {
            Write(bytes, parameter.Descriptor.Name);
            Write(bytes, BitConverter.DoubleToInt64Bits(parameter.Descriptor.IsFixed ? parameter.Value : 0));
        }

        return End(bytes);
    }

    /// <summary>That of an edge delay.</summary>
    /// <param name="sampleRate">Frames per second.</param>
    /// <param name="audioChannels">Width of what is delayed.</param>
    /// <param name="sum">The sum.</param>
    /// <param name="input">Which of its inputs is delayed.</param>
    public static UInt128 Of(int sampleRate, int audioChannels, SumStep sum, int input)
    {
        var bytes = Begin("delay", sampleRate, audioChannels);
        Write(bytes, sum.Id);
        Write(bytes, input);
        Write(bytes, sum.Inputs[input].SignalId);
        Write(bytes, sum.Inputs[input].DelayFrames);
        return End(bytes);
    }

    private static ArrayBufferWriter<byte> Begin(string what, int sampleRate, int audioChannels)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(bytes, what);
        Write(bytes, sampleRate);
        Write(bytes, audioChannels);
        return bytes;
    }

    private static UInt128 End(ArrayBufferWriter<byte> bytes) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes.WrittenSpan));

    private static void Write(ArrayBufferWriter<byte> bytes, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(sizeof(int)), value);
        bytes.Advance(sizeof(int));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string value)
    {
        Write(bytes, Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, bytes);
    }
}
