using System.Text.Json.Serialization;

namespace Loophole.Cluster.Timeline;

/// <summary>Something that changes the sound at a render frame. Events are totally ordered by (<see cref="Frame"/>, <see cref="Sequence"/>).</summary>
/// <remarks>A node of the graph with upstream latency <c>L</c> meets the event at render frame <c>Frame + L</c>, when the sound it belongs to gets there.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TransportEvent), "transport")]
[JsonDerivedType(typeof(ParameterEvent), "parameter")]
public abstract record RenderEvent
{
    /// <summary>Render frame, 0 or more.</summary>
    public required long Frame { get; init; }

    /// <summary>Order among events of one frame; unique in a log.</summary>
    public required long Sequence { get; init; }
}
