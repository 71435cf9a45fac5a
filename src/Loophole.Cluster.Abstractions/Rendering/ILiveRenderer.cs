namespace Loophole.Cluster.Rendering;

/// <summary>A renderer that can run in an audio callback.</summary>
/// <remarks>Two things are asked of it beyond <see cref="IRenderer"/>. <see cref="IRenderer.Apply"/> may be called by one thread while another is in
/// <see cref="IRenderer.Render"/>, for events at or after the end of the block that is rendered. And <see cref="IRenderer.Render"/> keeps to the rules of
/// <see cref="Devices.IAudioCallback"/>: it does not wait, lock, log, or allocate, from its second block on.</remarks>
public interface ILiveRenderer : IRenderer;
