using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;

namespace Loophole.Engine.Rendering;

/// <summary>Tells plans apart by what decides the layout and meaning of a checkpoint.</summary>
/// <remarks>In it: rate, signals, steps, edge delays, nodes with kind, latency and fixed parameters. Not in it: block size, other parameters,
/// automation and clips, so that a checkpoint from before an edit of those stays usable.</remarks>
internal static class PlanFingerprint
{
    public static ImmutableArray<byte> Of(SubgraphPlan plan, IReadOnlyList<RenderStep> compiled)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(bytes, plan.Id);
        Write(bytes, plan.SampleRate);
        Write(bytes, plan.Inputs);
        Write(bytes, plan.Outputs);
        Write(bytes, plan.Steps.Length);
        for (var i = 0; i < plan.Steps.Length; i++)
        {
            var step = plan.Steps[i];
            Write(bytes, step.Id);
            Write(bytes, [step.Output]);
            if (step is SumStep sum)
            {
                Write(bytes, sum);
            }
            else
            {
                Write(bytes, (ChannelStep)step, (ChannelRenderStep)compiled[i]);
            }
        }

        return [.. SHA256.HashData(bytes.WrittenSpan)];
    }

    private static void Write(ArrayBufferWriter<byte> bytes, SumStep sum)
    {
        Write(bytes, sum.Inputs.Length);
        foreach (var input in sum.Inputs)
        {
            Write(bytes, input.SignalId);
            Write(bytes, input.DelayFrames);
        }
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ChannelStep channel, ChannelRenderStep compiled)
    {
        Write(bytes, channel.InputSignalId ?? -1);
        Write(bytes, compiled.Nodes.Length);
        foreach (var item in compiled.Nodes)
        {
            Write(bytes, item.Node.Id);
            Write(bytes, item.Node is ProcessorNode { Processor: var kind } ? kind : item.Node.GetType().Name);
            Write(bytes, item.UpstreamLatencyFrames);
            foreach (var parameter in item.Parameters)
            {
                Write(bytes, parameter.Descriptor.Name);
                Write(bytes, BitConverter.DoubleToInt64Bits(parameter.Descriptor.IsFixed ? parameter.Value : 0));
            }
        }
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ImmutableArray<PlanSignal> signals)
    {
        Write(bytes, signals.Length);
        foreach (var signal in signals)
        {
            Write(bytes, signal.Id);
            Write(bytes, signal.AudioChannels);
        }
    }

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
