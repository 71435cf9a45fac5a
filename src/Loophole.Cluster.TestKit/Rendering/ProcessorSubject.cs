using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>A processor as the cases of <see cref="ProcessorSuite"/> see it. Implement two members and override what differs.</summary>
public abstract class ProcessorSubject
{
    /// <summary>Makes the processor. [any]</summary>
    public abstract IProcessorFactory Factory { get; }

    /// <summary>The node that it is made for, with settings that let its state fill within <see cref="SceneFrames"/>. [any]</summary>
    public abstract GraphNode Node { get; }

    /// <summary>What it is made for. Default 48 kHz, stereo, blocks of 512 frames at most, no media. [any]</summary>
    public virtual ProcessorContext Context { get; } = new(48_000, 2, 512, new NoMediaStore());

    /// <summary>Where random audio, parameters and blocks come from. Default 1. [any]</summary>
    public virtual int Seed => 1;

    /// <summary>Frames of audio in a case. Default 6000. [any]</summary>
    public virtual int SceneFrames => 6000;

    /// <summary>Whether it sounds without input. Default <see langword="false"/>. [any]</summary>
    public virtual bool IsSource => false;

    /// <summary>Whether an impulse comes out as soon as the declared latency allows; <see langword="false"/> for what only sounds later, such as
    /// an effect without its direct sound. Default: everything but a source. [any]</summary>
    public virtual bool PassesImpulse => !IsSource;

    /// <summary>Frames after the last frame that is not silent after which the output is exact silence; <see langword="null"/> when it may ring for ever.
    /// Default <see langword="null"/>. [any]</summary>
    public virtual int? TailFrames => null;

    /// <summary>The name for reports. Default: the processor's kind. [any]</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Factory.Describe(Node)?.Kind ?? Node.Id;
}
