using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote. Every failure is a <see cref="RenderException"/> with <see cref="RenderError.BadCheckpoint"/>.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> state, string kind)
{
    private ReadOnlySpan<byte> _rest = state;
    private StateChecksum _checksum = new(kind);

    public ulong ReadUInt64()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        _checksum.Add((uint)value);
        _checksum.Add((uint)(value >> 32));
        return value;
    }

    /// <summary>A whole number in a range, bounds included.</summary>
    public long ReadInt64(long minimum, long maximum)
    {
        var value = (long)ReadUInt64();
        return value >= minimum && value <= maximum ? value : throw Bad($"a value is {value}, not {minimum} to {maximum}");
    }

    /// <summary>A number in a range, bounds included.</summary>
    public double ReadDouble(double minimum, double maximum)
    {
        var value = BitConverter.UInt64BitsToDouble(ReadUInt64());
        return value >= minimum && value <= maximum ? value : throw Bad($"a value is {value}, not {minimum} to {maximum}");
    }

    public void Read(Span<double> values, double minimum, double maximum)
    {
        foreach (ref var value in values)
        {
            value = ReadDouble(minimum, maximum);
        }
    }

    public void Read(Span<long> values, long minimum, long maximum)
    {
        foreach (ref var value in values)
        {
            value = ReadInt64(minimum, maximum);
        }
    }

    // Optimized at once: it may be in the short time between two calls of an audio device that a long state is moved.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(Span<float> values)
    {
        var bytes = Take(values.Length * sizeof(float));
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(float))..]);
            _checksum.Add(bits);
            values[i] = BitConverter.UInt32BitsToSingle(bits);
            if (!float.IsFinite(values[i]))
            {
                throw Bad("a sample is not finite");
            }
        }
    }

    /// <summary>Checks that the checksum stands here and nothing follows.</summary>
    public void End()
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong))) != _checksum.Value)
        {
            throw Bad("its checksum is wrong");
        }

        if (!_rest.IsEmpty)
        {
            throw Bad($"{_rest.Length} bytes are left over");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length)
        {
            throw Bad("it ends early");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private readonly RenderException Bad(string why) => new(RenderError.BadCheckpoint, $"This is not a state of processor '{kind}' with these settings: {why}.");
}
