namespace Loophole.Cluster.Rendering;

/// <summary>A renderer whose meters can be read.</summary>
public interface IMeteredRenderer
{
    /// <summary>Reads a meter: what passed it since the last reset of its state. [render thread]</summary>
    /// <param name="nodeId">The meter's <c>GraphNode.Id</c>.</param>
    /// <param name="audioChannel">0 or more.</param>
    /// <param name="reading">The reading, when there is such a meter.</param>
    /// <returns>Whether this renderer has such a meter and channel.</returns>
    bool TryReadMeter(string nodeId, int audioChannel, out MeterReading reading);
}
