using System.Collections.Immutable;

namespace Loophole.Cluster.Rendering;

/// <summary>A renderer whose meters can be read, window by window (<see cref="MeterWindows"/>).</summary>
public interface IMeteredRenderer
{
    /// <summary>The meters, in the order of the plan. [any]</summary>
    ImmutableArray<MeterDescriptor> Meters { get; }

    /// <summary>Takes the oldest window of a meter that is finished and was not taken. Whoever takes all after each block misses none; what nobody takes is forgotten, the oldest first.
    /// Allocates nothing, does not lock. [render thread]</summary>
    /// <param name="meter">Its place in <see cref="Meters"/>.</param>
    /// <param name="readings">Filled with one reading for each of its audio channels; at least as long.</param>
    /// <param name="startFrame">Node-local frame of the window's first frame.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such meter.</exception>
    bool TryTakeWindow(int meter, Span<MeterReading> readings, out long startFrame);
}
