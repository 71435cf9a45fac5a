using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>A processor that works frame by frame on a state of numbers, and so cannot depend on blocks unless it tries.</summary>
internal abstract class TestProcessor(int audioChannels, int statePerChannel) : IProcessor
{
    private readonly double[] _state = new double[audioChannels * statePerChannel];

    public bool IsDisposed { get; private set; }

    protected Span<double> State => _state;

    public void Reset() => Array.Clear(_state);

    public virtual void Process(in ProcessorBlock block)
    {
        for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
        {
            var samples = block.Audio.Channel(channel);
            var state = _state.AsSpan(channel * statePerChannel, statePerChannel);
            for (var i = 0; i < samples.Length; i++)
            {
                var project = block.IsPlaying ? block.ProjectFrame + i : block.ProjectFrame;
                samples[i] = Tick(samples[i], state, new Instant(block.Frame + i, project, block.IsPlaying), block.Parameters);
            }
        }
    }

    public virtual void Save(IBufferWriter<byte> destination)
    {
        foreach (var number in _state)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(destination.GetSpan(sizeof(double)), number);
            destination.Advance(sizeof(double));
        }
    }

    public void Restore(ReadOnlySpan<byte> state)
    {
        Reset();
        if (state.Length != _state.Length * sizeof(double))
        {
            throw new RenderException(RenderError.BadCheckpoint, "Wrong length.");
        }

        for (var i = 0; i < _state.Length; i++)
        {
            _state[i] = BinaryPrimitives.ReadDoubleLittleEndian(state[(i * sizeof(double))..]);
            if (!double.IsFinite(_state[i]))
            {
                Reset();
                throw new RenderException(RenderError.BadCheckpoint, "Not a finite number.");
            }
        }
    }

    public void Dispose()
    {
        Assert.False(IsDisposed);
        IsDisposed = true;
    }

    protected abstract float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters);

    protected readonly record struct Instant(long Frame, long ProjectFrame, bool IsPlaying);
}
