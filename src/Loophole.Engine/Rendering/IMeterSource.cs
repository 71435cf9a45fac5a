using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>A processor that measures what passes it; the renderer finds it behind the node's id.</summary>
internal interface IMeterSource
{
    /// <summary>How many audio channels it measures.</summary>
    int AudioChannels { get; }

    /// <summary>Takes the oldest window that is finished and was not taken. [render thread]</summary>
    /// <param name="readings">Filled with one reading for each audio channel; at least as long.</param>
    /// <param name="startFrame">Node-local frame of the window's first frame.</param>
    /// <returns>Whether there was one.</returns>
    bool TryTake(Span<MeterReading> readings, out long startFrame);
}
