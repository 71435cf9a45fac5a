using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.TestKit.Tests.Rendering;

/// <summary>A healthy processor to break: a delay of some frames, with feedback if asked for, and a level.</summary>
internal class Echo(int channels, int delayFrames, double feedback) : IProcessor
{
    private readonly float[] _line = new float[channels * delayFrames];
    private int _at;

    protected float[] Line => _line;

    public virtual void Reset()
    {
        _at = 0;
        Array.Clear(_line);
    }

    public virtual void Process(in ProcessorBlock block)
    {
        for (var i = 0; i < block.Audio.FrameCount; i++)
        {
            var level = LevelAt(block, i);
            for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
            {
                ref var sample = ref block.Audio.Channel(channel)[i];
                ref var stored = ref _line[(channel * delayFrames) + _at];
                var late = stored;
                stored = Clean((float)(sample + (late * feedback)));
                sample = (float)(late * level);
            }

            _at = (_at + 1) % delayFrames;
        }
    }

    public virtual void Save(IBufferWriter<byte> destination)
    {
        var bytes = destination.GetSpan((_line.Length + 1) * sizeof(float));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, _at);
        for (var i = 0; i < _line.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[((i + 1) * sizeof(float))..], _line[i]);
        }

        destination.Advance((_line.Length + 1) * sizeof(float));
    }

    public virtual void Restore(ReadOnlySpan<byte> state)
    {
        Reset();
        if (state.Length != (_line.Length + 1) * sizeof(float) || BinaryPrimitives.ReadInt32LittleEndian(state) is var at && (at < 0 || at >= delayFrames))
        {
            throw new RenderException(RenderError.BadCheckpoint, "Not a state of this delay.");
        }

        _at = at;
        for (var i = 0; i < _line.Length; i++)
        {
            _line[i] = BinaryPrimitives.ReadSingleLittleEndian(state[((i + 1) * sizeof(float))..]);
        }
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected virtual double LevelAt(in ProcessorBlock block, int frame) => Math.Clamp(block.Parameters[0].At(block.Frame + frame), 0, 2);

    /// <summary>Keeps what must not circulate out of the line.</summary>
    protected virtual float Clean(float sample) => float.IsFinite(sample) && MathF.Abs(sample) > 1e-15f ? sample : 0;
}
