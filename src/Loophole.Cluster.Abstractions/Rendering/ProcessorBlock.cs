using Loophole.Cluster.Audio;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Rendering;

/// <summary>What a processor is handed for a stretch of frames in which nothing jumps.</summary>
/// <remarks>The renderer splits blocks at transport segments, automation points, events and notes, so within one call every parameter is one
/// straight line and project time either runs or stands. How a stretch is divided into calls must not change a processor's output.</remarks>
public readonly ref struct ProcessorBlock
{
    /// <summary>Node-local frame of the first frame: the render frame less the latency upstream of the node. Grows with each call; may be negative.</summary>
    public required long Frame { get; init; }

    /// <summary>Project frame at <see cref="Frame"/>.</summary>
    public required long ProjectFrame { get; init; }

    /// <summary>Whether project time runs with the frames.</summary>
    public required bool IsPlaying { get; init; }

    /// <summary>The audio, processed in place; the caller's, valid during the call.</summary>
    public required AudioBuffer Audio { get; init; }

    /// <summary>One line per parameter, in the order of <see cref="ProcessorDescriptor.Parameters"/>.</summary>
    public required ReadOnlySpan<ParameterRamp> Parameters { get; init; }

    /// <summary>What is played on it at the first frame, in order; mostly empty, and always when it plays no notes. <c>MidiMessage.Frame</c> is <see cref="Frame"/>.</summary>
    public ReadOnlySpan<MidiMessage> Notes { get; init; }
}
