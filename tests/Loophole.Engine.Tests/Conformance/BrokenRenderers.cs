using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>A factory that puts a broken renderer around each healthy one.</summary>
internal sealed class BreakingFactory(IRendererFactory inner, Func<IRenderer, IRenderer> breakIt) : IRendererFactory
{
    public IRenderer Create(SubgraphPlan plan, IMediaStore media) => breakIt(inner.Create(plan, media));
}

/// <summary>Runs the plan it knows in place of one that contradicts itself.</summary>
internal sealed class ObligingFactory(IRendererFactory inner, SubgraphPlan known) : IRendererFactory
{
    public IRenderer Create(SubgraphPlan plan, IMediaStore media)
    {
        try
        {
            return inner.Create(plan, media);
        }
        catch (RenderException refused) when (refused.Error == RenderError.BadPlan)
        {
            return inner.Create(known, media);
        }
    }
}

/// <summary>Does what the renderer inside does.</summary>
internal class PassingRenderer(IRenderer inner) : IRenderer
{
    public SubgraphPlan Plan => Inner.Plan;

    public virtual long Position => Inner.Position;

    protected IRenderer Inner { get; } = inner;

    public virtual void Apply(RenderEvent change) => Inner.Apply(change);

    public virtual void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs) => Inner.Render(frameCount, inputs, outputs);

    public virtual void Save(IBufferWriter<byte> destination) => Inner.Save(destination);

    public virtual void Restore(long position, ReadOnlySpan<byte> checkpoint) => Inner.Restore(position, checkpoint);

    public virtual void Dispose() => Inner.Dispose();
}

/// <summary>Marks the start of each block.</summary>
internal sealed class BlockMarking(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        outputs[0].Span[0] += 1e-3f;
    }
}

/// <summary>Swallows the first sample after a checkpoint.</summary>
internal sealed class Hiccuping(IRenderer inner) : PassingRenderer(inner)
{
    private bool _isRestored;

    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        if (_isRestored)
        {
            outputs[0].Span[0] = 1;
            _isRestored = false;
        }
    }

    public override void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        base.Restore(position, checkpoint);
        _isRestored = true;
    }
}

/// <summary>Allocates in every block.</summary>
internal sealed class Allocating(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        GC.KeepAlive(new object());
    }
}

/// <summary>Takes any checkpoint for a good one.</summary>
internal sealed class Credulous(IRenderer inner) : PassingRenderer(inner)
{
    public override void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        try
        {
            base.Restore(position, checkpoint);
        }
        catch (RenderException)
        {
            // Kept for itself.
        }
    }
}

/// <summary>Takes no checkpoint but of a plan of the same name.</summary>
internal sealed class Possessive(IRenderer inner) : PassingRenderer(inner)
{
    private byte[] Mark => Encoding.UTF8.GetBytes(Plan.Id);

    public override void Save(IBufferWriter<byte> destination)
    {
        base.Save(destination);
        destination.Write(Mark);
    }

    public override void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        if (!checkpoint.EndsWith(Mark))
        {
            throw new RenderException(RenderError.BadCheckpoint, "of another plan");
        }

        base.Restore(position, checkpoint[..^Mark.Length]);
    }
}

/// <summary>Loses count after the first block.</summary>
internal sealed class Miscounting(IRenderer inner) : PassingRenderer(inner)
{
    public override long Position => Inner.Position == 0 ? 0 : Inner.Position - 1;
}

/// <summary>Drops events it does not like instead of refusing them.</summary>
internal sealed class Tolerant(IRenderer inner) : PassingRenderer(inner)
{
    public override void Apply(RenderEvent change)
    {
        try
        {
            base.Apply(change);
        }
        catch (ArgumentException)
        {
            // Kept for itself.
        }
    }
}

/// <summary>Hears an event that is told just in time a frame late.</summary>
internal sealed class HardOfHearing(IRenderer inner) : PassingRenderer(inner)
{
    public override void Apply(RenderEvent change) => base.Apply(change with { Frame = change.Frame - Inner.Position < 64 ? change.Frame + 1 : change.Frame });
}

/// <summary>Sounds otherwise on every thread.</summary>
internal sealed class BoundToItsThread(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        foreach (ref var sample in outputs[0].Span)
        {
            sample += Environment.CurrentManagedThreadId;
        }
    }
}

/// <summary>Does nothing where it should refuse.</summary>
internal sealed class Lenient(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        try
        {
            base.Render(frameCount, inputs, outputs);
        }
        catch (ArgumentException)
        {
            // Kept for itself.
        }
    }
}

/// <summary>Is put off by a call that it refused.</summary>
internal sealed class Resentful(IRenderer inner) : PassingRenderer(inner)
{
    private int _refused;

    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        try
        {
            base.Render(frameCount, inputs, outputs);
            outputs[0].Span[0] += _refused;
        }
        catch (ArgumentException)
        {
            _refused++;
            throw;
        }
    }
}

/// <summary>Never gets over an input that was not finite.</summary>
internal sealed class Poisoned(IRenderer inner) : PassingRenderer(inner)
{
    private bool _isPoisoned;

    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        foreach (var sample in inputs[0].Span)
        {
            _isPoisoned |= !float.IsFinite(sample);
        }

        if (_isPoisoned)
        {
            outputs[0].Span.Fill(float.NaN);
        }
    }
}

/// <summary>Throws at an input that is not finite.</summary>
internal sealed class Squeamish(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        foreach (var sample in inputs[0].Span)
        {
            if (!float.IsFinite(sample))
            {
                throw new ArithmeticException("The input is not finite.");
            }
        }

        base.Render(frameCount, inputs, outputs);
    }
}

/// <summary>Takes an event for another subgraph as one for its own send.</summary>
internal sealed class Meddling(IRenderer inner) : PassingRenderer(inner)
{
    public override void Apply(RenderEvent change) => base.Apply(
        change is ParameterEvent { NodeId: not ("send" or "fader") } foreign ? foreign with { NodeId = "send", Parameter = "level" } : change);
}

/// <summary>Refuses events for other subgraphs.</summary>
internal sealed class Exclusive(IRenderer inner) : PassingRenderer(inner)
{
    public override void Apply(RenderEvent change)
    {
        if (change is ParameterEvent { NodeId: not ("send" or "fader") } foreign)
        {
            throw new ArgumentException($"There is no node '{foreign.NodeId}' here.", nameof(change));
        }

        base.Apply(change);
    }
}

/// <summary>Uses its input as scratch memory.</summary>
internal sealed class Scribbling(IRenderer inner) : PassingRenderer(inner)
{
    public override void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        base.Render(frameCount, inputs, outputs);
        MemoryMarshal.AsMemory(inputs[0]).Span.Clear();
    }
}

/// <summary>Throws when disposed twice.</summary>
internal sealed class OnceOnly(IRenderer inner) : PassingRenderer(inner)
{
    private bool _isDisposed;

    public override void Dispose()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isDisposed = true;
        base.Dispose();
    }
}
