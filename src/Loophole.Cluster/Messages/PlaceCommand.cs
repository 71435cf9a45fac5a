using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.place</c> (host only): subgraphs that were not there before go on from what others have come to; send each its checkpoint and its inputs from there on.</summary>
/// <param name="Routes">Their routes, with stream numbers larger than any before.</param>
internal sealed record PlaceCommand(ImmutableArray<PlacedRoute> Routes);

/// <summary>A subgraph that goes on from what another has come to.</summary>
/// <param name="Route">Its route; it starts where the other one's checkpoint is.</param>
/// <param name="Before">The other subgraph: one that was retired, or what is not live any more.</param>
internal sealed record PlacedRoute(SubgraphRoute Route, string Before);
