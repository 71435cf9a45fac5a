using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Loophole.Engine.Processors.State;

/// <summary>Writes a processor's state: little-endian values, then a 64-bit checksum over the processor's kind and everything written.</summary>
internal ref struct StateWriter(IBufferWriter<byte> destination, string kind)
{
    private StateChecksum _checksum = new(kind);

    public void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination.GetSpan(sizeof(ulong)), value);
        destination.Advance(sizeof(ulong));
        _checksum.Add((uint)value);
        _checksum.Add((uint)(value >> 32));
    }

    public void Write(long value) => Write((ulong)value);

    public void Write(double value) => Write(BitConverter.DoubleToUInt64Bits(value));

    public void Write(scoped ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Write(value);
        }
    }

    public void Write(scoped ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            Write(value);
        }
    }

    // Optimized at once: it may be in the short time between two calls of an audio device that a long state is moved.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(scoped ReadOnlySpan<float> values)
    {
        const int RunLength = 1024;
        while (!values.IsEmpty)
        {
            var run = values[..Math.Min(values.Length, RunLength)];
            var bytes = destination.GetSpan(run.Length * sizeof(float));
            for (var i = 0; i < run.Length; i++)
            {
                var bits = BitConverter.SingleToUInt32Bits(run[i]);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * sizeof(float))..], bits);
                _checksum.Add(bits);
            }

            destination.Advance(run.Length * sizeof(float));
            values = values[run.Length..];
        }
    }

    /// <summary>Writes the checksum; nothing may follow.</summary>
    public readonly void End()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination.GetSpan(sizeof(ulong)), _checksum.Value);
        destination.Advance(sizeof(ulong));
    }
}
