using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Rendering;

/// <summary>Makes renderers. A third-party host brings its own DSP by implementing this. Safe for concurrent use.</summary>
public interface IRendererFactory
{
    /// <summary>Makes a renderer at render frame 0. [any]</summary>
    /// <param name="plan">What to execute.</param>
    /// <param name="media">Where clips are read from.</param>
    /// <returns>The renderer; the caller disposes it.</returns>
    /// <exception cref="RenderException">The plan cannot be executed here; the message names the step or node.</exception>
    /// <exception cref="MediaException">An asset the plan needs is missing or broken.</exception>
    IRenderer Create(SubgraphPlan plan, IMediaStore media);
}
