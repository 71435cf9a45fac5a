using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Graph;

/// <summary>One processing element in a <see cref="Channel"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LaneStreamNode), "laneStream")]
[JsonDerivedType(typeof(ProcessorNode), "processor")]
[JsonDerivedType(typeof(SendNode), "send")]
[JsonDerivedType(typeof(StackNode), "stack")]
public abstract record GraphNode
{
    /// <summary>Opaque, unique in the graph, stable for the session (<c>node:track:42:plugin:1</c>).</summary>
    public required string Id { get; init; }

    /// <summary>What the user calls it; empty when nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it may run elsewhere although its Channel is live, at the price of <see cref="Channel.InsertFrames"/>. Processors and stacks only.</summary>
    public bool IsLatencyTolerant { get; init; }

    /// <summary>The parameters that differ from their defaults, or are automated. Names are the processor's.</summary>
    public ImmutableArray<ParameterSetting> Parameters { get; init; } = [];
}
