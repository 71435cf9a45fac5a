using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.events</c>: render events, in order.</summary>
/// <param name="Events">The events.</param>
/// <param name="KnownBefore">No further event will have a render frame before this one; blocks up to it may be rendered.</param>
internal sealed record EventsCommand(ImmutableArray<RenderEvent> Events, long KnownBefore);
