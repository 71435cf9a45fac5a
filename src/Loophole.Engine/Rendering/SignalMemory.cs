using Loophole.Cluster.Audio;

namespace Loophole.Engine.Rendering;

/// <summary>The samples of all signals of a renderer, planar, in one allocation.</summary>
internal sealed class SignalMemory(SignalMemoryShape shape)
{
    private readonly float[] _samples = new float[shape.SampleCount];

    /// <summary>A view of a signal.</summary>
    /// <param name="slot">Where it lies.</param>
    /// <param name="frameCount">Frames in view, at most the stride.</param>
    public AudioBuffer View(SignalSlot slot, int frameCount) =>
        new(_samples.AsSpan(slot.Offset, slot.AudioChannels * shape.Stride), slot.AudioChannels, shape.Stride, frameCount);

    /// <summary>The first <paramref name="audioChannels"/> channels of the place for delayed inputs.</summary>
    public AudioBuffer Delayed(int audioChannels, int frameCount) => View(shape.Delayed with { AudioChannels = audioChannels }, frameCount);

    /// <summary>The run for intermediate values.</summary>
    public Span<float> Spare(int frameCount) => _samples.AsSpan(shape.Spare.Offset, frameCount);
}
