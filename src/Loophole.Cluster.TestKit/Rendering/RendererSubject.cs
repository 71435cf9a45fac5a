using System.Collections.Immutable;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>A renderer as the cases of <see cref="RendererSuite"/> see it. Implement two members and override what differs.</summary>
public abstract class RendererSubject
{
    /// <summary>Makes the renderer. [any]</summary>
    public abstract IRendererFactory Factory { get; }

    /// <summary>What is rendered: a plan with inputs and with state. [any]</summary>
    public abstract SubgraphPlan Plan { get; }

    /// <summary>Events within <see cref="SceneFrames"/>, in their order, at least one of which is heard and none of which stands at a multiple of the
    /// block size. Default: playback from frame 1 on. [any]</summary>
    public virtual ImmutableArray<RenderEvent> Events { get; } = [new TransportEvent { Frame = 1, Sequence = 0, ProjectFrame = 0, IsPlaying = true }];

    /// <summary>Where clips are read from. Default: nowhere. [any]</summary>
    public virtual IMediaStore Media { get; } = new NoMediaStore();

    /// <summary>Where random audio and blocks come from. Default 1. [any]</summary>
    public virtual int Seed => 1;

    /// <summary>Frames rendered in a case. Default 8000. [any]</summary>
    public virtual int SceneFrames => 8000;

    /// <summary>The name for reports. Default: the plan's id. [any]</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Plan.Id;
}
