using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Rendering;

/// <summary>A renderer that can run in an audio callback.</summary>
/// <remarks>Two things are asked of it beyond <see cref="IRenderer"/>. <see cref="IRenderer.Apply"/> may be called by one thread while another is in
/// <see cref="IRenderer.Render"/>, for events at or after the end of the block that is rendered. And <see cref="IRenderer.Render"/> keeps to the rules of
/// <see cref="Devices.IAudioCallback"/>: it does not wait, lock, log, or allocate, from its second block on.</remarks>
public interface ILiveRenderer : IRenderer
{
    /// <summary>The most messages of a block that count; further ones are dropped.</summary>
    const int MaxHeard = 1_024;

    /// <summary>Hands it what the device hears during the next block, for every step whose <c>StepNotes.HearsDevice</c> says so; each takes what is of its MIDI channel. Once before a
    /// block, if at all. Keeps to the rules of <see cref="IRenderer.Render"/>. [render thread]</summary>
    /// <param name="messages">By growing render frame, none before <see cref="IRenderer.Position"/>; those behind the end of the block are dropped. The caller's.</param>
    void Hear(ReadOnlySpan<MidiMessage> messages);
}
