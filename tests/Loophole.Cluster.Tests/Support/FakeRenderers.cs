using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Makes <see cref="FakeRenderer"/>s, counts them, and lets them fail on demand.</summary>
internal sealed class FakeRenderers : IRendererFactory
{
    private int _live;
    private int _made;
    private int _blocks;

    public int Live => Volatile.Read(ref _live);

    /// <summary>How many were ever made.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>How many blocks they have begun.</summary>
    public int Blocks => Volatile.Read(ref _blocks);

    public Func<SubgraphPlan, bool> Refuses { get; set; } = _ => false;

    public long FailsAtFrame { get; set; } = long.MaxValue;

    public Action<FakeRenderer> OnRender { get; set; } = _ => { };

    public IRenderer Create(SubgraphPlan plan, IMediaStore media)
    {
        // Nobody measures a fake: then every node is as fast as any other, and placements are the same every time.
        if (plan.Id == "speed" || Refuses(plan))
        {
            throw new RenderException(RenderError.UnknownProcessor, "no such processor here");
        }

        Interlocked.Increment(ref _live);
        Interlocked.Increment(ref _made);
        return new FakeRenderer(plan, this, media);
    }

    public void BeforeRender(FakeRenderer renderer, int frames)
    {
        Interlocked.Increment(ref _blocks);
        OnRender(renderer);
        if (renderer.Position + frames > FailsAtFrame)
        {
            throw new InvalidOperationException($"failing at frame {FailsAtFrame}");
        }
    }

    public void Disposed() => Interlocked.Decrement(ref _live);
}
