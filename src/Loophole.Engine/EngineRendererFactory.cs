using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Rendering;

namespace Loophole.Engine;

/// <summary>Makes renderers that run the processors of one factory. Safe for concurrent use. Its renderers also are <see cref="IMeteredRenderer"/>.</summary>
/// <param name="processors">Makes what runs the nodes; kept, not owned.</param>
/// <exception cref="ArgumentNullException"><paramref name="processors"/> is <see langword="null"/>.</exception>
public sealed class EngineRendererFactory(IProcessorFactory processors) : IRendererFactory
{
    private readonly IProcessorFactory _processors = processors ?? throw new ArgumentNullException(nameof(processors));

    /// <inheritdoc/>
    public IRenderer Create(SubgraphPlan plan, IMediaStore media)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(media);
        return new Renderer(RenderPlanCompiler.Compile(plan, _processors), _processors, media);
    }
}
