using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>A processor that measures what passes it; the renderer finds it behind the node's id.</summary>
internal interface IMeterSource
{
    /// <summary>Reads what passed since the last reset. [render thread]</summary>
    /// <param name="audioChannel">0 or more.</param>
    /// <param name="reading">The reading, when there is such a channel.</param>
    /// <returns>Whether there is such a channel.</returns>
    bool TryRead(int audioChannel, out MeterReading reading);
}
