using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;

namespace Loophole.Cluster.Rendering;

/// <summary>Knows a set of processors and makes them. Pulse asks it for latency and cost, a renderer for instances. Safe for concurrent use.</summary>
public interface IProcessorFactory
{
    /// <summary>Describes what would run a node. [any]</summary>
    /// <param name="node">The node.</param>
    /// <returns>The description, or <see langword="null"/> when this factory cannot run it.</returns>
    ProcessorDescriptor? Describe(GraphNode node);

    /// <summary>The latency a node will have. [any]</summary>
    /// <param name="node">A node that <see cref="Describe"/> knows.</param>
    /// <param name="sampleRate">Frames per second.</param>
    /// <returns>Frames, 0 or more; constant over the life of an instance.</returns>
    int LatencyFrames(GraphNode node, int sampleRate);

    /// <summary>What a node costs to run. [any]</summary>
    /// <param name="node">A node that <see cref="Describe"/> knows.</param>
    /// <param name="audioChannels">Width of its Channel.</param>
    /// <returns>Relative units: a stereo fader is about 1.</returns>
    double Cost(GraphNode node, int audioChannels);

    /// <summary>How much a node remembers: about as many bytes as <see cref="IProcessor.Save"/> writes. Placement counts them twice, for the instance and for a checkpoint of it. [any]</summary>
    /// <param name="node">A node that <see cref="Describe"/> knows.</param>
    /// <param name="audioChannels">Width of its Channel.</param>
    /// <param name="sampleRate">Frames per second.</param>
    /// <returns>Bytes, 0 or more; 0 where it is little, or not known.</returns>
    long StateBytes(GraphNode node, int audioChannels, int sampleRate) => 0;

    /// <summary>Makes an instance. [any]</summary>
    /// <param name="node">A node that <see cref="Describe"/> knows.</param>
    /// <param name="context">What it is made for.</param>
    /// <returns>The instance, reset; the caller disposes it.</returns>
    /// <exception cref="RenderException">The node's settings cannot be run; the message names node and setting.</exception>
    /// <exception cref="MediaException">A clip's media is missing or broken.</exception>
    IProcessor Create(GraphNode node, ProcessorContext context);
}
