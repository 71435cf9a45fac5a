using System.Buffers;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.TestKit.Tests.Rendering;

/// <summary>Takes the level at the start of a call for the whole call.</summary>
internal sealed class BlockStartLevel(int channels) : Echo(channels, 100, 0)
{
    protected override double LevelAt(in ProcessorBlock block, int frame) => base.LevelAt(block, 0);
}

/// <summary>Forgets one sample when saved.</summary>
internal sealed class Forgetful(int channels) : Echo(channels, 100, 0)
{
    public override void Save(IBufferWriter<byte> destination)
    {
        var kept = Line[3];
        Line[3] = 0;
        base.Save(destination);
        Line[3] = kept;
    }
}

/// <summary>Takes over whatever bytes it is given.</summary>
internal sealed class Gullible(int channels) : Echo(channels, 100, 0)
{
    public override void Restore(ReadOnlySpan<byte> state)
    {
        if (state.Length >= (Line.Length + 1) * sizeof(float))
        {
            base.Restore(state[..((Line.Length + 1) * sizeof(float))]);
        }
    }
}

/// <summary>Keeps its state over a reset.</summary>
internal class Unresettable(int channels) : Echo(channels, 100, 0)
{
    private bool _isUsed;

    public override void Reset()
    {
        if (!_isUsed)
        {
            base.Reset();
        }
    }

    public override void Process(in ProcessorBlock block)
    {
        base.Process(block);
        _isUsed = true;
    }

    public override void Restore(ReadOnlySpan<byte> state)
    {
        _isUsed = false;
        base.Restore(state);
    }
}

/// <summary>Keeps even what is not finite over a reset.</summary>
internal sealed class PoisonedOverReset(int channels) : Unresettable(channels)
{
    protected override float Clean(float sample) => sample;
}

/// <summary>Lets what is not finite circulate.</summary>
internal sealed class Poisoned(int channels) : Echo(channels, 100, 0.5)
{
    protected override float Clean(float sample) => sample;
}

/// <summary>Lets denormals circulate for ever.</summary>
internal sealed class Lingering(int channels) : Echo(channels, 100, 1)
{
    protected override float Clean(float sample) => float.IsFinite(sample) ? sample : 0;
}

/// <summary>Allocates in every call.</summary>
internal sealed class Wasteful(int channels) : Echo(channels, 100, 0)
{
    public override void Process(in ProcessorBlock block)
    {
        base.Process(block);
        GC.KeepAlive(new object());
    }
}

/// <summary>Shares its memory with all other instances.</summary>
internal sealed class Shared(int channels) : Echo(channels, 100, 0)
{
    private static int _calls;

    public override void Process(in ProcessorBlock block)
    {
        base.Process(block);
        block.Audio.Channel(0)[0] += Interlocked.Increment(ref _calls) % 7;
    }
}

/// <summary>Hums a little.</summary>
internal sealed class Humming(int channels) : Echo(channels, 100, 0)
{
    public override void Process(in ProcessorBlock block)
    {
        base.Process(block);
        foreach (ref var sample in block.Audio.Channel(0))
        {
            sample += 1e-9f;
        }
    }
}

/// <summary>Answers silence with minus zero.</summary>
internal sealed class MinusZero(int channels) : Echo(channels, 100, 0)
{
    public override void Process(in ProcessorBlock block)
    {
        base.Process(block);
        foreach (ref var sample in block.Audio.Channel(0))
        {
            sample = sample == 0 ? -0f : sample;
        }
    }
}

/// <summary>Follows its parameter beyond the range.</summary>
internal sealed class Unclamped(int channels) : Echo(channels, 100, 0)
{
    protected override double LevelAt(in ProcessorBlock block, int frame) => block.Parameters[0].At(block.Frame + frame);
}

/// <summary>Throws when disposed twice.</summary>
internal sealed class DisposedOnce(int channels) : Echo(channels, 100, 0)
{
    private bool _isDisposed;

    public override void Dispose()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isDisposed = true;
        base.Dispose();
    }
}
