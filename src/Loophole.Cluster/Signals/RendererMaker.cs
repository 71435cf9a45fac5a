using Loophole.Cluster.Live;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Signals;

/// <summary>Makes what renders on a node, and says as an answer to Pulse why it cannot. Safe for concurrent use.</summary>
internal sealed class RendererMaker(IRendererFactory renderers, IMediaStore media)
{
    /// <summary>Makes a renderer. [control]</summary>
    /// <exception cref="ControlException">The plan cannot be rendered here, or lacks media.</exception>
    public IRenderer Make(SubgraphPlan plan)
    {
        try
        {
            return renderers.Create(plan, media);
        }
        catch (RenderException refused)
        {
            throw new ControlException("cannotRender", refused.Message);
        }
        catch (MediaException refused)
        {
            throw new ControlException("media", refused.Message);
        }
    }

    /// <summary>Makes what is rendered in an audio callback, once another instance has shown that it can be. [control]</summary>
    /// <exception cref="ControlException">It cannot, or the command contradicts itself.</exception>
    public LiveCohort MakeLive(DeployLiveCommand command)
    {
        if (command.FindFault() is { } fault)
        {
            throw new ControlException("badDeployment", fault);
        }

        using (var rehearsing = MakeLive(command.Plan))
        using (var restored = MakeLive(command.Plan))
        {
            Rehearse(rehearsing, restored, MeterTap.Of(rehearsing, command.Format, epoch: 0));
        }

        var renderer = MakeLive(command.Plan);
        return new LiveCohort(renderer, command.OutputSignalId, command.EventLeadFrames) { Meters = MeterTap.Of(renderer, command.Format, epoch: 0) };
    }

    private static void Rehearse(ILiveRenderer renderer, ILiveRenderer restored, MeterTap? meters)
    {
        try
        {
            LiveRehearsal.Run(renderer, meters);
            LiveRehearsal.Move(renderer, restored);
        }
        catch (Exception failure)
        {
            // Whatever a renderer throws: better now than in the callback.
            throw new ControlException("cannotRender", $"{renderer.Plan.Id} cannot be rendered in an audio callback: {failure.Message}", innerException: failure);
        }
    }

    private ILiveRenderer MakeLive(SubgraphPlan plan)
    {
        var renderer = Make(plan);
        if (renderer is ILiveRenderer live)
        {
            return live;
        }

        renderer.Dispose();
        throw new ControlException("cannotRender", $"What renders {plan.Id} here cannot run in an audio callback.");
    }
}
