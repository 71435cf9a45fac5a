using System.Collections.Immutable;

namespace Loophole.Cluster.Rendering;

/// <summary>What can be known of a processor without making one.</summary>
/// <param name="Kind">The kind, as <c>ProcessorNode.Processor</c> names it.</param>
/// <param name="Parameters">Its parameters; their order is the order of <see cref="ProcessorBlock.Parameters"/>.</param>
/// <param name="Traits">What it promises.</param>
/// <param name="PlaysNotes">Whether it is an instrument: is handed notes (<see cref="ProcessorBlock.Notes"/>).</param>
public sealed record ProcessorDescriptor(string Kind, ImmutableArray<ParameterDescriptor> Parameters, ProcessorTraits Traits, bool PlaysNotes = false);
