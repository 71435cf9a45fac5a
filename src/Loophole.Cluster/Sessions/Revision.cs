using System.Collections.Immutable;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Sessions;

/// <summary>What comes instead of what was said.</summary>
/// <param name="Events">All that happens from the frame of the revision on.</param>
/// <param name="KnownBefore">Up to where that is known.</param>
/// <param name="Gestures">What hands are on.</param>
internal sealed record Revision(ImmutableArray<RenderEvent> Events, long KnownBefore, OpenGestures Gestures);
